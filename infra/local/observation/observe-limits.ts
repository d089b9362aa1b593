import { randomInt } from "node:crypto";
import { routes } from "../../../service/contract/routes.ts";
import type { Observation } from "../../observation.ts";

/** One path of each rule; a GET of those that only take POST is refused, but by its limits first. */
const probes = [routes.token, routes.register, `${routes.search}?q=a`, routes.products];

/** `"login";q=20;w=60` of the header RateLimit-Policy. */
const policy = /^"([^"]+)";q=(\d+);w=\d+$/;

/**
 * The limits that an instance really applies, as its answers say. Throws when it does not answer. The probes come from a
 * made-up address, so that they use up nobody's limit and are never refused themselves.
 */
export async function observeLimits(httpPort: number): Promise<NonNullable<Observation["limits"]>> {
  const address = `127.255.${randomInt(256)}.${randomInt(1, 255)}`;
  const found = await Promise.all(
    probes.map(async (path) => {
      const response = await fetch(`http://127.0.0.1:${httpPort}${path}`, {
        headers: { "X-Forwarded-For": address },
        signal: AbortSignal.timeout(2_000),
      });
      await response.body?.cancel();
      const [, rule, requests] = policy.exec(response.headers.get("RateLimit-Policy") ?? "") ?? [];
      return rule === undefined ? [] : [[rule, Number(requests)] as const];
    }),
  );
  return Object.fromEntries(found.flat());
}
