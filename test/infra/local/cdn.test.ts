import { readFileSync } from "node:fs";
import { request, type IncomingHttpHeaders } from "node:http";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { installation } from "../../../infra/installation.ts";
import { familyOf, identify } from "../../../infra/local/host/process-identity.ts";
import { componentPlaces } from "../../../infra/local/layout.ts";
import { observeCdn } from "../../../infra/local/observation/observe-cdn.ts";
import { contentHash } from "../../../infra/local/release/content-hash.ts";
import { cdnState } from "../../../infra/local/router/change-cdn.ts";
import { serviceState } from "../../../infra/local/supervision/service-control.ts";
import { seededUser } from "../../../service/contract/routes.ts";
import { startOutsideLoad } from "../../support/outside-load.ts";
import { startPostgres, type TestPostgres } from "../../support/postgres.ts";
import {
  migrateShop,
  openSessions,
  readMetric,
  runService,
  seedShop,
  startShop,
  type TestShop,
} from "../../support/shop.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { startLoad } from "./support/counted-load.ts";
import { TestEnvironment, type Held } from "./support/test-environment.ts";

const purgeKey = "purge-key-for-tests";
const storefront = join(installation.serviceRelease, "storefront");

let it: TestEnvironment;
let postgres: TestPostgres;
let shop: TestShop;
let router: Held;
let cdn: Held;
let url: string;
let asset: string;
let staff = "";
let shopper = "";

beforeAll(async () => {
  [it, postgres] = await Promise.all([TestEnvironment.create(), startPostgres()]);
  await migrateShop(postgres);
  await seedShop(postgres, 5, 30);
  await runService("staff.ts", ["--email", seededUser.email(1), "--grant"], { SHOP_STAFF_URL: postgres.adminUrl() });
  [staff = "", shopper = ""] = await openSessions(postgres, [1, 2]);
  const { paths, ports } = it.environment;
  shop = await startShop(postgres.shopUrl(), {
    SHOP_STOREFRONT: storefront,
    SHOP_CDN_PURGE_URL: `http://127.0.0.1:${ports.cdnControl}`,
    SHOP_CDN_PURGE_KEY: purgeKey,
  });
  asset = `/${(JSON.parse(readFileSync(join(storefront, "manifest.json"), "utf8")) as { assets: string[] }).assets[0]}`;
  router = await it.make("Router", routerInputs(false));
  url = String(router.state["url"]);
  const source = dirname(installation.cdnControl);
  const release = await it.make("Release", {
    releases: paths.releases,
    source,
    hash: contentHash(source),
    node: process.execPath,
  });
  cdn = await it.make("Cdn", { paths, port: ports.cdn, originPort: ports.cdnOrigin, logPort: ports.cdnLog });
  await it.make("CdnControl", {
    paths,
    port: ports.cdnControl,
    logPort: ports.cdnLog,
    releaseFolder: release.state["folder"],
    purgeKey,
  });
});
afterAll(async () => {
  await it.destroy();
  await shop?.stop();
  await postgres?.stop();
});

function routerInputs(inUse: boolean): Record<string, unknown> {
  const { paths, ports } = it.environment;
  return {
    paths,
    port: ports.router,
    metricsPort: ports.routerMetrics,
    servers: [
      {
        name: "web-1-aaaa",
        httpPort: Number(new URL(shop.url).port),
        internalPort: Number(new URL(shop.internalUrl).port),
      },
    ],
    drainTimeoutMs: 5_000,
    cdn: { port: ports.cdn, originPort: ports.cdnOrigin, inUse },
  };
}

interface Answer {
  readonly status: number;
  readonly cache: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Each call from an address of its own, so that no limit is met unless it is meant. */
let calls = 0;
function get(path: string, headers: Record<string, string> = {}, localAddress?: string): Promise<Answer> {
  calls += 1;
  const from = localAddress ?? `127.50.${calls >>> 7}.${1 + (calls & 127)}`;
  return new Promise((resolve, reject) => {
    const sent = request(`${url}${path}`, { headers, localAddress: from, agent: false }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (text: string) => (body += text));
      response.once("error", reject);
      response.once("end", () => {
        const cache = response.headers["x-cache"];
        const status = response.statusCode ?? 0;
        resolve({ status, cache: cache === undefined ? undefined : String(cache), headers: response.headers, body });
      });
    });
    sent.once("error", reject);
    sent.end();
  });
}

const cachesOf = async (...asked: Promise<Answer>[]): Promise<unknown[]> =>
  (await Promise.all(asked)).map(({ cache }) => cache);
const patch = (path: string, body: object): Promise<Response> =>
  fetch(`${url}${path}`, {
    method: path.endsWith("/stock/") ? "POST" : "PATCH",
    body: JSON.stringify(body),
    headers: { "content-type": "application/json", authorization: `Bearer ${staff}` },
  });
const cdnAnswers = async (): Promise<number> =>
  (await fetch(`http://127.0.0.1:${it.environment.ports.cdn}/cdn-health`)).status;
const figure = async (series: string): Promise<number | undefined> =>
  readMetric(await (await fetch(`http://127.0.0.1:${it.environment.ports.cdnControl}/metrics`)).text(), series);

test("before it is in use the router sends past it, and nothing says that a cache took part", async () => {
  expect(await observeCdn(it.environment)).toBeUndefined();
  expect(await cachesOf(get(asset), get("/shop/api/products/1/"))).toEqual([undefined, undefined]);
});

test("put in, taken out and put in again under load: no request fails, and the router was never reloaded", async () => {
  const files = startLoad(`${url}${asset}`, 4);
  const shoppers = startOutsideLoad({ url, clients: 20, maxMs: 30_000 });
  const pid = serviceState(it.service("router")).pid;
  for (const inUse of [true, false, true]) {
    router = await it.change("Router", router, routerInputs(inUse));
    const { secondAnswer } = (await observeCdn(it.environment)) ?? {};
    expect(secondAnswer).toBe(inUse ? "HIT" : undefined);
  }
  const [fetched, browsed] = await Promise.all([files.stop(), shoppers.stop()]);
  console.log(`${fetched.sent + browsed.requests} requests, longest ${Math.round(fetched.longestMs)} ms`);
  expect([fetched.failures, browsed.failures]).toEqual([[], []]);
  expect(fetched.sent).toBeGreaterThan(100);
  expect(serviceState(it.service("router")).pid).toBe(pid);
});

test("an answer is kept in the form that the client takes, by its path and query, and is the shop's byte for byte", async () => {
  const list = "/shop/api/products/?limit=20";
  const direct = await shop.fetch(list, { headers: { "accept-encoding": "identity" } });
  const first = await get(list);
  expect(first.body).toBe(await direct.text());
  expect(first.headers.etag).toBe(direct.headers.get("etag"));
  const again = await get(list);
  expect([again.cache, again.body, again.headers["ratelimit"]]).toEqual(["HIT", first.body, undefined]);
  expect(again.headers["x-request-id"]).not.toBe(first.headers["x-request-id"]);
  for (const [sent, coding] of [
    ["gzip, deflate, br, zstd", "br"],
    ["gzip;q=0.5, br;q=0", "gzip"],
    ["deflate", undefined],
  ] as const) {
    expect((await get(list, { "accept-encoding": sent })).headers["content-encoding"]).toBe(coding);
  }
  expect(await cachesOf(get(list, { "accept-encoding": "br" }), get("/shop/api/products/?limit=19"))).toEqual([
    "HIT",
    "MISS",
  ]);
  const known = await get(list, { "if-none-match": String(first.headers.etag) });
  expect([known.status, known.cache, known.body]).toEqual([304, "HIT", ""]);
});

test("nobody who is signed in, no other method, no page and no account comes by it, whatever is held", async () => {
  const product = "/shop/api/products/3/";
  await get(product);
  expect(await cachesOf(get(product), get(product, { authorization: `Bearer ${shopper}` }))).toEqual([
    "HIT",
    undefined,
  ]);
  expect(await cachesOf(get("/"), get("/shop/api/orders/", { authorization: `Bearer ${shopper}` }))).toEqual([
    undefined,
    undefined,
  ]);
  expect((await get("/shop/api/products/999999/")).status).toBe(404);
  expect((await get("/shop/api/products/999999/")).cache).toBe("MISS");
  // A cookie is not passed on, so no answer can depend on it.
  expect((await get(product, { cookie: "a=1" })).cache).toBe("HIT");
});

test("a hundred who ask for the same at once are one question to the shop", async () => {
  const path = "/shop/api/products/search/?q=single+flight";
  const counted = 'shop_http_requests_total{method="GET",route="/shop/api/products/search/",status="200"}';
  const before = (await shop.metric(counted)) ?? 0;
  const answers = await Promise.all(Array.from({ length: 100 }, () => get(path)));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  expect((await shop.metric(counted)) ?? 0).toBe(before + 1);
});

test("limits see the shopper's address through it, and what the cache answers counts against none", async () => {
  const address = "127.60.1.1";
  await get("/shop/api/products/4/");
  for (let turn = 0; turn < 120; turn += 1) expect((await get("/shop/api/products/4/", {}, address)).status).toBe(200);
  const statuses = new Set<number>();
  for (let turn = 0; turn < 120; turn += 1)
    statuses.add((await get(`/shop/api/products/?limit=5&turn=${turn}`, {}, address)).status);
  expect([...statuses]).toEqual([200, 429]);
  const other = await get("/shop/api/products/?limit=5&turn=200");
  expect([other.status, other.headers["ratelimit"]]).toEqual([200, expect.stringMatching(/^"api";r=99;t=\d+$/)]);
});

test("a price that staff changes is seen through it at once, in lists and searches too", async () => {
  const paths = ["/shop/api/products/7/", "/shop/api/products/?limit=30"];
  for (const path of paths) for (const coding of ["", "br"]) await get(path, { "accept-encoding": coding });
  expect((await patch("/shop/api/staff/products/7/", { priceCents: 123_456 })).status).toBe(200);
  for (const path of paths) {
    const answer = await get(path);
    expect([answer.cache, answer.body.includes('"priceCents":123456')]).toEqual(["MISS", true]);
  }
  expect((await get(paths[0] ?? "", { "accept-encoding": "br" })).cache).toBe("MISS");
  await get("/shop/api/products/8/");
  expect((await patch("/shop/api/staff/products/8/stock/", { stock: 4_711, reason: "counted" })).status).toBe(200);
  expect((await get("/shop/api/products/8/")).body).toContain('"stock":4711');
  expect(await shop.metric('shop_cdn_purges_total{outcome="done"}')).toBe(2);
  expect(readFileSync(join(it.logs, "cdn", "current"), "utf8")).not.toContain("[crit]");
});

test("only who has the key purges, and only paths", async () => {
  const purge = (key: string, paths: unknown): Promise<Response> =>
    fetch(`http://127.0.0.1:${it.environment.ports.cdnControl}/purge`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}` },
      body: JSON.stringify({ paths }),
    });
  expect((await purge("another-key-for-tests", ["/shop/api/*"])).status).toBe(401);
  expect((await purge(purgeKey, ["../../etc/passwd"])).status).toBe(400);
  await get("/shop/api/products/9/");
  expect(await (await purge(purgeKey, ["/shop/api/products/9/"])).json()).toEqual({ purged: 1 });
});

test("its figures tell hits from misses, its log has no address and no search", async () => {
  await get("/shop/api/products/search/?q=carla%40example.test");
  await get(asset);
  await waitUntil("the hits", async () => ((await figure('cdn_requests_total{zone="files",cache="HIT"}')) ?? 0) > 0);
  expect(await figure('cdn_response_bytes_total{zone="files",cache="HIT"}')).toBeGreaterThan(1_000);
  expect(await figure('cdn_requests_total{zone="lists",cache="MISS"}')).toBeGreaterThan(0);
  const logs = ["cdn", "cdn-control"].map((name) => readFileSync(join(it.logs, name, "current"), "utf8")).join("");
  expect(logs).not.toMatch(/carla|127\.5\d\./);
});

test("killed, it costs at most what it was in the middle of answering, and is back in use by itself", async () => {
  const files = startLoad(`${url}${asset}`, 8);
  const shoppers = startOutsideLoad({ url, clients: 20, maxMs: 30_000 });
  const pid = serviceState(it.service("cdn")).pid ?? 0;
  const processes = familyOf(pid);
  await waitUntil(
    "some requests",
    async () => ((await figure('cdn_requests_total{zone="files",cache="HIT"}')) ?? 0) > 50,
  );
  for (const one of processes) process.kill(one, "SIGKILL");
  const { socket } = componentPlaces(it.environment.paths).router;
  await waitUntil("the cache again", async () => {
    const { pid: now } = serviceState(it.service("cdn"));
    return now !== undefined && now !== pid && (await cdnState(socket))?.status === "UP";
  });
  const [fetched, browsed] = await Promise.all([files.stop(), shoppers.stop()]);
  console.log(
    `killed: ${fetched.failures.length + browsed.failures.length} of ${fetched.sent + browsed.requests} failed`,
  );
  // Each of the 28 clients has one request open at most. HAProxy repeats those that got no answer, unless the dead
  // process had not even read them: then it is told of an error and not of an end.
  expect(fetched.failures.length + browsed.failures.length).toBeLessThanOrEqual(28);
  expect((await get(asset)).status).toBe(200);
});

test("killed without its workers, which go on and keep its port, it starts again none the less", async () => {
  const pid = serviceState(it.service("cdn")).pid ?? 0;
  const workers = familyOf(pid).filter((one) => one !== pid);
  process.kill(pid, "SIGKILL");
  await waitUntil("the end of the workers", () => workers.every((one) => identify(one) === undefined));
  await waitUntil("the cache again", async () => (await cdnAnswers()) === 204);
});

test("while the shop is away what is held is given, and nothing of what is not", async () => {
  const product = "/shop/api/products/10/";
  const held = await get(product);
  process.kill(shop.child.process.pid ?? 0, "SIGSTOP");
  try {
    const { socket } = componentPlaces(it.environment.paths).router;
    await waitUntil("the end of its time", async () => (await get(product)).cache === "STALE", 40_000);
    const stale = await get(product);
    expect([stale.status, stale.body]).toEqual([200, held.body]);
    expect((await cdnState(socket))?.status).toBe("UP");
    expect((await get("/shop/api/products/11/")).status).toBe(503);
  } finally {
    process.kill(shop.child.process.pid ?? 0, "SIGCONT");
  }
  await waitUntil("the shop", async () => (await get("/shop/api/products/11/")).status === 200);
});

test("a configuration that nginx does not take changes nothing, one that it takes is put into force without a failure", async () => {
  const { paths, ports } = it.environment;
  const inputs = { paths, port: ports.cdn, originPort: ports.cdnOrigin, logPort: ports.cdnLog };
  await expect(it.change("Cdn", cdn, { ...inputs, port: 99_999 })).rejects.toThrow("invalid port");
  const files = startLoad(`${url}${asset}`, 4);
  cdn = await it.change("Cdn", cdn, inputs);
  expect((await files.stop()).failures).toEqual([]);
});
