import { afterAll, beforeAll, expect, test } from "vitest";
import { routes } from "../../../service/contract/routes.ts";
import { startBlackHole } from "../../support/black-hole.ts";
import { startPostgres, type TestPostgres } from "../../support/postgres.ts";
import { startRedis, type TestRedis } from "../../support/redis.ts";
import { migrateShop, openSession, seedShop, startShop, type TestShop } from "../../support/shop.ts";
import { waitUntil } from "../../support/wait-until.ts";

let postgres: TestPostgres;
let redis: TestRedis;

beforeAll(async () => {
  [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
  await migrateShop(postgres);
  await seedShop(postgres, 10, 100);
});
afterAll(async () => {
  await redis?.stop();
  await postgres?.stop();
});

const product = (id: number): string => routes.product.replace(":id", `${id}`);

/** Shoppers who browse until told to stop: every status that they met. */
function browse(shop: TestShop): { statuses: number[]; stop(): Promise<void> } {
  const statuses: number[] = [];
  const stopping = new AbortController();
  const shoppers = Array.from({ length: 5 }, async (_, shopper) => {
    for (let turn = 0; !stopping.signal.aborted; turn += 1) {
      const paths = [
        `${routes.products}?limit=${1 + (turn % 20)}`,
        product(1 + (turn % 100)),
        `${routes.search}?q=oak`,
      ];
      const answer = await shop.fetch(paths[turn % 3]!, { client: `10.${shopper}.${(turn >> 6) & 255}.1` });
      await answer.arrayBuffer();
      statuses.push(answer.status);
    }
  });
  return {
    statuses,
    stop: async () => {
      stopping.abort();
      await Promise.all(shoppers);
    },
  };
}

async function loginsLetThrough(shop: TestShop, client: string, count: number): Promise<number> {
  let through = 0;
  for (let n = 0; n < count; n += 1) {
    const answer = await shop.fetch(routes.token, { client, json: {} });
    if (answer.status !== 429) through += 1;
  }
  return through;
}

// The outage lasts as long as the load needs to meet it, not the 30 s: after its first second nothing changes any more.
test("fault 18: Redis down: browsing has no 5xx, login limits fail safe, and all comes back by itself", async () => {
  const shop = await startShop(postgres.shopUrl(), { SHOP_CACHE: "redis", SHOP_REDIS_URL: redis.url });
  const load = browse(shop);
  try {
    await waitUntil("traffic", () => load.statuses.length > 100);
    await redis.kill();
    const before = load.statuses.length;
    // Half of the limit, because each process counts alone: never more than with Redis.
    expect(await loginsLetThrough(shop, "192.0.2.1", 30)).toBe(10);
    await waitUntil("traffic without Redis", () => load.statuses.length > before + 300);
    await redis.start();
    await waitUntil("limits in Redis again", async () => {
      const answer = await shop.fetch(routes.products, { client: "192.0.2.2" });
      return answer.headers.has("ratelimit");
    });
  } finally {
    await load.stop();
    await shop.stop();
    await redis.start();
  }
  expect(new Set(load.statuses)).toEqual(new Set([200]));
});

test("fault 19: a database that swallows everything: errors within 2 s, cached answers go on, back within 5 s", async () => {
  const hole = await startBlackHole(postgres.port);
  const shop = await startShop(postgres.shopUrl(hole.port));
  try {
    const token = await openSession(postgres, 1);
    expect((await shop.fetch(product(1))).status).toBe(200);
    expect((await shop.fetch(routes.orders, { token })).status).toBe(200);
    hole.swallow(true);
    // More than the pool has connections: some wait for an answer, some for a connection, some for a place.
    for (let wave = 0; wave < 2; wave += 1) {
      const asked = Array.from({ length: 20 }, async (_, n) => {
        const startedAt = performance.now();
        const write = n % 2 === 0 ? { json: { lines: [{ productId: 2 + n, quantity: 1 }] } } : {};
        const answer = await shop.fetch(routes.orders, { token, client: `192.0.2.${n}`, ...write });
        return { status: answer.status, tookMs: performance.now() - startedAt };
      });
      // What the machine adds to an answer that needs no database, asked for beside the others.
      const startedAt = performance.now();
      expect((await shop.fetch(product(1))).status).toBe(200);
      const addedMs = performance.now() - startedAt;
      const answers = await Promise.all(asked);
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]));
      expect(Math.max(...answers.map(({ tookMs }) => tookMs))).toBeLessThan(2_000 + addedMs);
    }
    hole.swallow(false);
    const backAt = performance.now();
    await waitUntil("the shop", async () => (await shop.fetch(routes.orders, { token })).status === 200);
    expect(performance.now() - backAt).toBeLessThan(5_000);
  } finally {
    hole.swallow(false);
    await shop.stop();
    await hole.stop();
  }
});
