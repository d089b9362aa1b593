import { randomInt } from "node:crypto";
import { Agent, request } from "node:http";
import { Agent as SecureAgent, request as secureRequest } from "node:https";
import { routes } from "../../service/contract/routes.ts";
import type { ProbeSummary } from "../rollout/gate.ts";
import type { Probes } from "../rollout/world.ts";

/** No run of a step takes this long; probes end by themselves should one hang. */
const mostSeconds = 3_600;
/** An answer that takes longer than the router waits for one is a failure. */
const timeoutMs = 10_000;
/** The base limits are 100 a minute for an address: probes come from several, all of this machine. */
const addresses =
  process.platform === "linux" ? Array.from({ length: 16 }, (_, n) => `127.0.0.${101 + n}`) : ["127.0.0.1"];
const alphabet = "abcdefghijklmnopqrstuvwxyz";
/** Searches of three letters. */
const searches = alphabet.length ** 3;

/**
 * Sends browse requests to an environment's own shop at a fixed rate, whatever the answers take, until stopped: on this
 * machine from many addresses, elsewhere by HTTPS and from the one that it has.
 */
export function startProbes(shopUrl: string, perSecond: number): Probes {
  const base = new URL(shopUrl);
  const isHere = base.hostname.startsWith("127.");
  if (!isHere && base.protocol !== "https:")
    throw new TypeError(`probes leave this machine by HTTPS only, not to ${shopUrl}`);
  const agents = isHere
    ? addresses.map((localAddress) => new Agent({ keepAlive: true, localAddress, maxSockets: 4 }))
    : [new SecureAgent({ keepAlive: true, maxSockets: 8 })];
  // Elsewhere than the run before, whose searches a CDN still holds.
  const firstSearch = randomInt(searches);
  const tally = { sent: 0, failed: 0, refused: 0, longestMs: 0, failures: new Array<string>() };
  const durationsMs: number[] = [];
  const mostRequests = perSecond * mostSeconds;
  const open = new Set<Promise<void>>();

  const probe = async (): Promise<void> => {
    const agent = agents[tally.sent % agents.length];
    const path = pathOf(tally.sent, firstSearch);
    tally.sent += 1;
    const startedAt = performance.now();
    const answer = await get(new URL(path, base), agent);
    const tookMs = Math.round(performance.now() - startedAt);
    durationsMs.push(tookMs);
    tally.longestMs = Math.max(tally.longestMs, tookMs);
    if (answer.status === 429) tally.refused += 1;
    if (answer.failure === undefined) return;
    tally.failed += 1;
    if (tally.failures.length < 3) tally.failures.push(`GET ${path}: ${answer.failure}`);
  };
  const timer = setInterval(() => {
    if (tally.sent >= mostRequests) return;
    const running = probe().finally(() => open.delete(running));
    open.add(running);
  }, 1_000 / perSecond);

  return {
    stop: async (): Promise<ProbeSummary> => {
      clearInterval(timer);
      await Promise.all(open);
      for (const agent of agents) agent.destroy();
      const p95 = durationsMs.toSorted((a, b) => a - b)[Math.ceil(durationsMs.length * 0.95) - 1];
      return { ...tally, ...(p95 === undefined ? {} : { p95Ms: p95 }) };
    },
  };
}

/**
 * Every second probe searches for other letters than those before it, until all had their turn: what a CDN or a cache
 * answers says nothing of the instances behind it.
 */
function pathOf(sent: number, firstSearch: number): string {
  if (sent % 2 === 0) return routes.products;
  const search = firstSearch + (sent - 1) / 2;
  const letters = [alphabet.length ** 2, alphabet.length, 1].map(
    (weight) => alphabet[Math.floor(search / weight) % alphabet.length],
  );
  return `${routes.search}?q=${letters.join("")}`;
}

/** Never throws: no answer is a failure to count. */
async function get(url: URL, agent: Agent | undefined): Promise<{ status?: number; failure?: string }> {
  return new Promise((resolve) => {
    const send = url.protocol === "https:" ? secureRequest : request;
    const sent = send(url, { agent, timeout: timeoutMs }, (response) => {
      const status = response.statusCode ?? 0;
      response.resume();
      response.once("end", () => resolve(status >= 500 ? { status, failure: `status ${status}` } : { status }));
      response.once("error", (error) => resolve({ status, failure: error.message }));
    });
    sent.once("timeout", () => sent.destroy(new Error(`no answer within ${timeoutMs} ms`)));
    sent.once("error", (error) => resolve({ failure: error.message }));
    sent.end();
  });
}
