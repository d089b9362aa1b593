import {
  createServer,
  get,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { alertRules, recordingRules } from "../../../dashboards/rules.ts";
import { readMetric } from "../../support/shop.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { TestEnvironment, type Held } from "./support/test-environment.ts";

/** What rules ask the router for, as it writes it: `name{label="value",…}`. */
const askedFor = [...recordingRules, ...alertRules].flatMap(({ expr }) => expr.match(/haproxy_\w+(\{[^}]*\})?/g) ?? []);
const failures = 'haproxy_frontend_http_responses_total{proxy="shoppers",code="5xx"}';
const requests = 'haproxy_frontend_http_requests_total{proxy="shoppers"}';
const cacheDown = 'haproxy_server_status{proxy="cdn",server="nginx",state="DOWN"}';
const instances = 'haproxy_backend_active_servers{proxy="shop"}';
const viaCache = "/shop/api/products/1/";

let it: TestEnvironment;
let router: Held;
let shop: Server;
let cache: Server;
/** What the stand-ins for an instance and for nginx do now. */
let shopAnswers: RequestListener = (_request, response) => void response.end();
let cacheHeals = false;

beforeAll(async () => {
  it = await TestEnvironment.create();
  shop = await listening(0, (request, response) => shopAnswers(request, response));
  cache = await listening(it.environment.ports.cdn, (request, response) => void cacheAnswers(request, response));
  router = await it.make("Router", routerInputs(false));
});
afterAll(async () => {
  await it.destroy();
  for (const server of [shop, cache]) end(server);
});

function routerInputs(inUse: boolean): Record<string, unknown> {
  const { paths, ports } = it.environment;
  const { port } = shop.address() as AddressInfo;
  return {
    paths,
    port: ports.router,
    metricsPort: ports.routerMetrics,
    servers: [{ name: "web-1-aaaa", httpPort: port, internalPort: port }],
    drainTimeoutMs: 5_000,
    cdn: { port: ports.cdn, originPort: ports.cdnOrigin, inUse },
  };
}

async function listening(port: number, answer: RequestListener): Promise<Server> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return server;
}

function end(server: Server | undefined): void {
  server?.close();
  server?.closeAllConnections();
}

/** The status, asked on a connection of its own. */
function ask(port: number, path = "/"): Promise<number> {
  return new Promise((resolve, reject) => {
    get({ host: "127.0.0.1", port, path, agent: false }, (response) => {
      response.resume().once("end", () => resolve(response.statusCode ?? 0));
    }).once("error", reject);
  });
}

async function cacheAnswers({ url }: IncomingMessage, response: ServerResponse): Promise<void> {
  const asks = url !== "/cdn-health";
  const status = asks ? await ask(it.environment.ports.cdnOrigin, url) : 204;
  response.writeHead(asks && cacheHeals ? 200 : status).end();
}

const asShopper = (path = "/"): Promise<number> => ask(it.environment.ports.router, path);
const said = async (): Promise<string> =>
  (await fetch(`http://127.0.0.1:${it.environment.ports.routerMetrics}/metrics`)).text();
const figures = async (...series: readonly string[]): Promise<(number | undefined)[]> => {
  const text = await said();
  return series.map((one) => readMetric(text, one));
};

test("all that rules ask the router for is there from its start, at zero where it counts", async () => {
  const text = await said();
  expect(askedFor.length).toBeGreaterThan(3);
  expect(askedFor.filter((series) => readMetric(text, series) === undefined)).toEqual([]);
  expect(await figures(failures, requests, instances)).toEqual([0, 0, 1]);
});

test("a CDN that is out of use is in maintenance and not down", async () => {
  expect(await figures(cacheDown, cacheDown.replace("DOWN", "MAINT"))).toEqual([0, 1]);
});

test("a failure is counted once for its shopper, whichever way it came, and not at all where the CDN healed it", async () => {
  router = await it.change("Router", router, routerInputs(true));
  shopAnswers = (request, response) => void response.writeHead(request.url === "/readyz" ? 200 : 500).end();
  expect(await asShopper()).toBe(500);
  expect(await figures(failures, requests)).toEqual([1, 1]);
  expect(await asShopper(viaCache)).toBe(500);
  expect(await figures(failures, requests)).toEqual([2, 2]);
  cacheHeals = true;
  expect(await asShopper(viaCache)).toBe(200);
  expect(await figures(failures, requests)).toEqual([2, 3]);
});

test("an instance that dies over a request, and none that could take one, are failures that only the router knows", async () => {
  shopAnswers = (request, response) => void (request.url === "/readyz" ? response.end() : request.socket.destroy());
  expect(await asShopper()).toBe(502);
  expect(await figures(failures)).toEqual([3]);
  end(shop);
  await waitUntil("the end of the instance", async () => (await figures(instances))[0] === 0);
  expect(await asShopper()).toBe(503);
  expect(await figures(failures)).toEqual([4]);
});

test("a dead nginx is down", async () => {
  end(cache);
  await waitUntil("the end of the cache", async () => (await figures(cacheDown))[0] === 1);
});
