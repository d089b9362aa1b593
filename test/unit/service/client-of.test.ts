import { createHash } from "node:crypto";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { clientFinder } from "../../../service/http/client-of.ts";

/** The shop behind a load balancer that appends, to which shoppers come directly and by a CDN. */
const key = "key-of-the-cdn-0123456789";
const clientOf = clientFinder({
  trusted: ["127.0.0.1"],
  originKeyHash: createHash("sha256").update(key).digest("hex"),
});
const withoutCdn = clientFinder({ trusted: ["127.0.0.1"], originKeyHash: undefined });
const shopper = "198.51.100.7";
const edge = "203.0.113.9";
let found: readonly string[] = [];
const server = createServer((incoming, response) => {
  found = [clientOf(incoming), withoutCdn(incoming)];
  response.end();
});

beforeAll(async () => await new Promise<void>((done) => server.listen(0, "127.0.0.1", done)));
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});

it("takes the load balancer's word for who comes directly, whatever else was said", async () => {
  expect(await clientsOf({ "x-forwarded-for": shopper })).toEqual([shopper, shopper]);
  expect(await clientsOf({ "x-forwarded-for": `10.0.0.1, ${shopper}` })).toEqual([shopper, shopper]);
});

it("takes the CDN's word for who comes by it", async () => {
  const byCdn = { "x-forwarded-for": `${shopper}, ${edge}`, "x-origin-key": key };
  expect(await clientsOf(byCdn)).toEqual([shopper, edge]);
  expect(await clientsOf({ ...byCdn, "x-forwarded-for": `10.0.0.1, ${shopper}, ${edge}` })).toEqual([shopper, edge]);
});

it("takes nobody's word who says another key, or none", async () => {
  const forged = { "x-forwarded-for": `10.0.0.1, ${shopper}` };
  expect(await clientsOf({ ...forged, "x-origin-key": "key-of-somebody-else-0123" })).toEqual([shopper, shopper]);
  expect(await clientsOf({ ...forged, "x-origin-key": "" })).toEqual([shopper, shopper]);
});

/** As a shop with a CDN's key finds the client, and as one without. */
async function clientsOf(headers: Record<string, string>): Promise<readonly string[]> {
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((done, fail) => {
    request({ port, host: "127.0.0.1", headers, agent: false }, (answer) => answer.resume().on("end", done))
      .on("error", fail)
      .end();
  });
  return found;
}
