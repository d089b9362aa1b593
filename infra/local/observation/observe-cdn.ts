import { randomInt } from "node:crypto";
import { request } from "node:http";
import { routes } from "../../../service/contract/routes.ts";
import type { LocalEnvironment } from "../../environment/environment.ts";
import type { Observation } from "../../observation.ts";

/**
 * Asks for products twice, as a shopper would, and gives what the cache says of the second answer; undefined when no cache
 * took part. Throws when the router does not answer. On Linux it asks from a made-up address, so that it uses up nobody's limit.
 */
export async function observeCdn({ ports }: LocalEnvironment): Promise<Observation["cdn"]> {
  const localAddress = process.platform === "linux" ? `127.255.${randomInt(256)}.${randomInt(1, 255)}` : "127.0.0.1";
  await askCache(ports.router, localAddress);
  const secondAnswer = await askCache(ports.router, localAddress);
  return secondAnswer === undefined ? undefined : { secondAnswer };
}

function askCache(port: number, localAddress: string): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const options = { host: "127.0.0.1", port, path: `${routes.products}?limit=1`, localAddress, agent: false };
    const sent = request({ ...options, signal: AbortSignal.timeout(2_000) }, (response) => {
      const { "x-cache": cache } = response.headers;
      response.once("error", reject);
      response.once("end", () => resolve(typeof cache === "string" ? cache : undefined));
      response.resume();
    });
    sent.once("error", reject);
    sent.end();
  });
}
