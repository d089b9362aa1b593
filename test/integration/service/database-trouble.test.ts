import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { routes, seededUser } from "../../../service/contract/routes.ts";
import { freePort } from "../../support/free-port.ts";
import { startPgBouncer, type TestPgBouncer } from "../../support/pgbouncer.ts";
import { startPostgres, type TestPostgres } from "../../support/postgres.ts";
import { makePremium, migrateShop, openSessions, seedShop, startShop, type TestShop } from "../../support/shop.ts";
import { waitUntil } from "../../support/wait-until.ts";

const raised = { SHOP_LIMITS: "raised" };

let postgres: TestPostgres;
let pooler: TestPgBouncer;

beforeAll(async () => {
  postgres = await startPostgres();
  await migrateShop(postgres);
  await seedShop(postgres, 50, 50);
  await makePremium(postgres);
  pooler = await startPgBouncer(postgres);
});
afterAll(async () => {
  await pooler?.stop();
  await postgres?.stop();
});

interface Load {
  readonly statuses: Map<number, number>;
  readonly failures: unknown[];
  longestMs: number;
  /** Requests that each shopper has had an answer to. */
  readonly turns: readonly number[];
  stop(): Promise<void>;
}

/** Shoppers who read their orders and, `writing`, place some: every request goes to the database. */
async function startLoad(shop: TestShop, writing: boolean): Promise<Load> {
  const statuses = new Map<number, number>();
  const failures: unknown[] = [];
  const stopping = new AbortController();
  const turns = Array<number>(10).fill(0);
  const load: Load = { statuses, failures, longestMs: 0, turns, stop: () => Promise.resolve() };
  const tokens = await openSessions(
    postgres,
    Array.from({ length: 50 }, (_, n) => n + 1),
  );
  const shoppers = turns.map(async (_, n) => {
    for (let turn = 0; !stopping.signal.aborted; turn += 1) {
      // Five accounts a shopper and an address for every 64 turns: no limit is met.
      const token = tokens[n + 10 * (turn % 5)]!;
      const startedAt = performance.now();
      const client = `10.${n}.${turn >> 6}.1`;
      const json = { lines: [{ productId: 1 + (turn % 20), quantity: 1 }] };
      try {
        const buys = writing && turn % 5 === 0;
        const answer = await shop.fetch(routes.orders, buys ? { token, client, json } : { token, client });
        await answer.arrayBuffer();
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      } catch (error) {
        failures.push(error);
      }
      load.longestMs = Math.max(load.longestMs, performance.now() - startedAt);
      turns[n] = turn + 1;
    }
  });
  load.stop = async () => {
    stopping.abort();
    await Promise.all(shoppers);
  };
  return load;
}

const answered = (load: Load): number => load.statuses.get(200) ?? 0;

describe("through PgBouncer in transaction mode", () => {
  it("everything works, from login to the metrics of the server", async () => {
    const shop = await startShop(postgres.shopUrl(pooler.port), {
      SHOP_DATABASE_MODE: "pooled",
      SHOP_DATABASE_POOL_SIZE: "20",
    });
    try {
      const credentials = { email: seededUser.email(1), password: seededUser.password };
      const { token } = (await (await shop.fetch(routes.token, { json: credentials })).json()) as { token: string };
      const json = { lines: [{ productId: 1, quantity: 1 }] };
      const answers = await Promise.all(
        Array.from({ length: 40 }, (_, n) =>
          shop.fetch(routes.orders, {
            token,
            json,
            client: `10.8.0.${n}`,
            headers: { "idempotency-key": `key-${n % 4}` },
          }),
        ),
      );
      expect(answers.map(({ status }) => status)).toEqual(Array(40).fill(201));
      const placed = new Set(await Promise.all(answers.map((answer) => answer.text())));
      expect(placed.size).toBe(4);
      await waitUntil("the sample", async () => (await shop.metric("shop_users")) === 50);
      expect(await shop.metric("shop_db_server_connections_max")).toBe(97);
      expect(await shop.metric("shop_db_server_connections")).toBeGreaterThan(0);
      expect(await shop.metric("shop_db_size_bytes")).toBeGreaterThan(1_000_000);
      expect(await shop.metric("shop_db_active_seconds_total")).toBeGreaterThan(0);
    } finally {
      expect(await shop.stop()).toBe(0);
    }
  });

  it("a database restarted behind PAUSE costs no request, and the shop stays ready", async () => {
    const shop = await startShop(postgres.shopUrl(pooler.port), { SHOP_DATABASE_MODE: "pooled", ...raised });
    const load = await startLoad(shop, true);
    try {
      await waitUntil("traffic", () => answered(load) > 100);
      await pooler.admin("PAUSE shop");
      await postgres.restart();
      const readiness = await fetch(`${shop.internalUrl}/readyz`);
      await pooler.admin("RESUME shop");
      expect(readiness.status).toBe(200);
      const before = answered(load);
      await waitUntil("traffic again", () => answered(load) > before + 100);
    } finally {
      await load.stop();
      await shop.stop();
    }
    expect(load.failures).toEqual([]);
    expect([...load.statuses.keys()].toSorted((a, b) => a - b)).toEqual([200, 201]);
    expect(load.longestMs).toBeLessThan(2_000);
  });
});

describe("directly at the database", () => {
  it("reads survive that all connections are cut", async () => {
    const shop = await startShop(postgres.shopUrl(), raised);
    const load = await startLoad(shop, false);
    try {
      for (let cut = 0; cut < 3; cut += 1) {
        // A request survives one cut, so each shopper gets an answer that began after the last one before the next.
        const before = [...load.turns];
        await postgres.query("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'shop'");
        await waitUntil("traffic again", () => load.turns.every((turn, n) => turn > before[n]! + 2));
      }
    } finally {
      await load.stop();
      await shop.stop();
    }
    expect(load.failures).toEqual([]);
    expect([...load.statuses.keys()]).toEqual([200]);
  });

  it("an outage gives 503 with Retry-After and no fault; cached products and metrics stay; it ends by itself", async () => {
    const own = await startPostgres();
    await migrateShop(own);
    await seedShop(own, 5, 50);
    const shop = await startShop(own.shopUrl());
    const product = routes.product.replace(":id", "1");
    expect((await shop.fetch(product)).status).toBe(200);
    await own.halt();
    try {
      const refused = await shop.fetch(routes.product.replace(":id", "2"));
      expect(refused.status).toBe(503);
      expect(refused.headers.get("retry-after")).toBe("2");
      expect((await shop.fetch(product)).status).toBe(200);
      expect(await shop.metric("shop_db_pool_size")).toBe(8);
      expect((await fetch(`${shop.internalUrl}/healthz`)).status).toBe(200);

      const port = await freePort();
      const late = startShop(own.shopUrl(), { SHOP_INTERNAL_PORT: `${port}` });
      const readiness = await waitUntil("a shop without a database", () => fetch(`http://127.0.0.1:${port}/readyz`));
      expect([readiness.status, await readiness.json()]).toEqual([503, { status: "database" }]);
      expect(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()).not.toMatch(
        /^shop_(users|db_size_bytes) /m,
      );
      await own.start();
      await (await late).stop();
    } finally {
      await own.start();
    }
    await waitUntil("the database", async () => (await shop.fetch(routes.product.replace(":id", "2"))).ok);
    expect(await shop.stop()).toBe(0);
    await own.stop();
  });
});
