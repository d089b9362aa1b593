import { Agent, request } from "node:http";
import { afterAll, beforeAll, expect, it } from "vitest";
import { internalRoutes, routes } from "../../../service/contract/routes.ts";
import { startPostgres, type TestPostgres } from "../../support/postgres.ts";
import { migrateShop, openSession, seedShop, startShop, type TestShop } from "../../support/shop.ts";
import { waitUntil } from "../../support/wait-until.ts";

let postgres: TestPostgres;
let shop: TestShop;

beforeAll(async () => {
  postgres = await startPostgres();
  await migrateShop(postgres);
  await seedShop(postgres, 20, 50);
  shop = await startTwo();
});
afterAll(async () => {
  await shop?.stop();
  await postgres?.stop();
});

/** Two workers that both serve. */
async function startTwo(env: Record<string, string> = {}): Promise<TestShop> {
  const shop = await startShop(postgres.shopUrl(), { SHOP_WORKERS: "2", SHOP_LIMITS: "raised", ...env });
  await waitUntil("both workers", async () => shop.child.output().match(/"msg":"listening"/g)?.length === 2);
  return shop;
}

/** Process ids of the workers that run, from their log lines. */
function workerPids(shop: TestShop): number[] {
  const lines = shop.child
    .output()
    .split("\n")
    .filter((line) => line.includes('"msg":"listening"'));
  const pids = lines.map((line) => (JSON.parse(line) as { pid?: number }).pid ?? 0);
  // 0 would stand for the test's own processes.
  if (pids.includes(0)) throw new Error("a worker does not say which process it is");
  return pids.filter((pid) => isAlive(pid));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

interface Load {
  readonly statuses: Map<number, number>;
  /** Requests without an answer, and how many were in flight on the connections to one process at most. */
  readonly lost: string[];
  stop(): Promise<void>;
}

/** `clients` shoppers with a connection each, one request after the other. */
function startLoad(shop: TestShop, clients: number): Load {
  const statuses = new Map<number, number>();
  const lost: string[] = [];
  const stopped = new AbortController();
  const shopper = async (n: number): Promise<void> => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (let turn = 0; !stopped.signal.aborted; turn += 1) {
      try {
        const status = await get(`${shop.url}${routes.products}?limit=5`, agent, `10.${n}.${turn >> 7}.1`);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      } catch (error) {
        lost.push(String(error));
      }
    }
    agent.destroy();
  };
  const shoppers = Array.from({ length: clients }, (_, n) => shopper(n));
  return {
    statuses,
    lost,
    stop: async () => {
      stopped.abort();
      await Promise.all(shoppers);
    },
  };
}

function get(url: string, agent: Agent, client: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent, headers: { "x-forwarded-for": client }, timeout: 10_000 }, (response) => {
      response.once("error", reject);
      response.once("end", () => resolve(response.statusCode ?? 0));
      response.resume();
    });
    sent.once("timeout", () => sent.destroy(new Error("no answer for 10 s")));
    sent.once("error", reject);
    sent.end();
  });
}

const cpu = "process_cpu_seconds_total";
const answered = `shop_http_requests_total{method="GET",route="${routes.products}",status="200"}`;

it("two workers share the port, and one scrape counts what both did", async () => {
  const load = startLoad(shop, 10);
  await waitUntil("traffic", () => (load.statuses.get(200) ?? 0) > 300);
  await load.stop();
  const sent = load.statuses.get(200) ?? 0;
  expect([load.lost, [...load.statuses.keys()]]).toEqual([[], [200]]);
  expect(await shop.metric(answered)).toBe(sent);
  expect(await shop.metric('shop_http_request_duration_seconds_count{route="/shop/api/products/"}')).toBe(sent);
  expect(await shop.metric("shop_workers")).toBe(2);
  expect(await shop.metric("shop_worker_restarts_total")).toBe(0);
  // The pool of 8 is divided; what both see of the one database, and what is true of both, is not added.
  expect(await shop.metric("shop_db_pool_size")).toBe(8);
  expect(await shop.metric("shop_users")).toBe(20);
  expect(await shop.metric("shop_db_size_max_bytes")).toBe(1_073_741_824);
  expect(await shop.metric('shop_build_info{instance="web-test",release="test"}')).toBe(1);
  // Three processes, and the start of the first.
  expect(await shop.metric("process_resident_memory_bytes")).toBeGreaterThan(120 * 1_048_576);
  const startedAt = (await shop.metric("process_start_time_seconds")) ?? 0;
  expect(Math.abs(Date.now() / 1_000 - startedAt)).toBeLessThan(600);
});

it("a worker that is killed under load takes no more than its own requests along, and no counter goes back", async () => {
  const clients = 10;
  const load = startLoad(shop, clients);
  await waitUntil("traffic", () => (load.statuses.get(200) ?? 0) > 300);
  const before = { requests: (await shop.metric(answered)) ?? 0, cpu: (await shop.metric(cpu)) ?? 0 };
  const [victim] = workerPids(shop);
  if (victim === undefined) throw new Error("no worker runs");
  process.kill(victim, "SIGKILL");
  await waitUntil("its end", () => !isAlive(victim));
  expect((await fetch(shop.internalUrl + internalRoutes.ready)).status).toBe(200);
  expect(await shop.metric(answered)).toBeGreaterThanOrEqual(before.requests);
  expect(await shop.metric(cpu)).toBeGreaterThanOrEqual(before.cpu);
  await waitUntil("its successor", async () => (await shop.metric("shop_workers")) === 2);
  await waitUntil("the successor at work", () => workerPids(shop).length === 2);
  await load.stop();
  expect([...load.statuses.keys()]).toEqual([200]);
  expect(load.lost.length).toBeLessThanOrEqual(clients);
  expect(await shop.metric("shop_worker_restarts_total")).toBe(1);
  expect(await shop.metric(answered)).toBeGreaterThanOrEqual(before.requests);
  expect(shop.child.output()).toContain('"how":"SIGKILL"');
});

it("told to stop, both workers answer what comes until the router has seen it, and end", async () => {
  const leaving = await startTwo({ SHOP_DRAIN_MS: "700" });
  const load = startLoad(leaving, 10);
  await waitUntil("traffic", () => (load.statuses.get(200) ?? 0) > 200);
  const pids = workerPids(leaving);
  leaving.child.process.kill("SIGTERM");
  await waitUntil("not ready", async () => (await fetch(leaving.internalUrl + internalRoutes.ready)).status === 503);
  await load.stop();
  expect([load.lost, [...load.statuses.keys()]]).toEqual([[], [200]]);
  expect(await leaving.child.exited).toBe(0);
  expect(pids.map((pid) => isAlive(pid))).toEqual([false, false]);
});

it("told to forget, both workers do", async () => {
  const token = await openSession(postgres, 1);
  const statuses = async (): Promise<readonly number[]> => {
    const agents = Array.from({ length: 20 }, () => shop.fetch(routes.me, { token }));
    return [...new Set((await Promise.all(agents)).map(({ status }) => status))];
  };
  expect(await statuses()).toEqual([200]);
  await postgres.query("delete from user_session");
  expect(await statuses()).toEqual([200]);
  const forgotten = await fetch(shop.internalUrl + internalRoutes.forget, { method: "POST" });
  expect([forgotten.status, await forgotten.json()]).toEqual([200, { status: "forgotten" }]);
  expect(await statuses()).toEqual([401]);
});

it("workers that cannot serve end the instance, and its sudden death ends them", async () => {
  const pids = workerPids(shop);
  await expect(
    startShop(postgres.shopUrl(), { SHOP_WORKERS: "2", SHOP_HTTP_PORT: new URL(shop.url).port }),
  ).rejects.toThrow("EADDRINUSE");
  await shop.child.stop("SIGKILL");
  await waitUntil("the end of both", () => pids.every((pid) => !isAlive(pid)));
  expect(pids).toHaveLength(2);
});
