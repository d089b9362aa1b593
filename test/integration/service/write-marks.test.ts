import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import type { ProductDetail } from "../../../service/contract/catalogue.ts";
import type { Order, OrderPage } from "../../../service/contract/orders.ts";
import { routes } from "../../../service/contract/routes.ts";
import { startBlackHole, type BlackHole } from "../../support/black-hole.ts";
import { startPostgres, type TestPostgres } from "../../support/postgres.ts";
import { startRedis, type TestRedis } from "../../support/redis.ts";
import { startReplica, type TestReplica } from "../../support/replica.ts";
import { migrateShop, openSessions, seedShop, startShop, type TestShop } from "../../support/shop.ts";
import { waitUntil } from "../../support/wait-until.ts";

// Marks of writes that Redis does not get: one instance has trouble with it of which the other sees nothing.
let postgres: TestPostgres;
let replica: TestReplica;
let redis: TestRedis;
/** Between the first instance and Redis. */
let hole: BlackHole;
let admin: Redis;
let troubled: TestShop;
let other: TestShop;
/** Without replicas, as every instance is until it is replaced when they are put in. */
let plain: TestShop;
/** One a test, so that no test has to do with what another one marked. */
let tokens: string[];
let token: string;

const productId = 7;

beforeAll(async () => {
  [postgres, redis] = await Promise.all([startPostgres(["synchronous_commit = on"]), startRedis()]);
  await migrateShop(postgres);
  await seedShop(postgres, 40, 20);
  [replica, hole] = await Promise.all([startReplica(postgres), startBlackHole(redis.port)]);
  admin = new Redis(redis.url);
  await allowTroubled("~*");
  const start = (redisUrl: string, replicas: Record<string, string>): Promise<TestShop> =>
    startShop(postgres.shopUrl(), {
      ...replicas,
      SHOP_CACHE: "redis",
      SHOP_REDIS_URL: redisUrl,
      SHOP_MAIL_DELIVERY: "queue",
    });
  const replicas = { SHOP_REPLICA_URLS: postgres.shopUrl(replica.port) };
  [troubled, other, plain] = await Promise.all([
    start(`redis://troubled:secret@127.0.0.1:${hole.port}/0`, replicas),
    start(redis.url, replicas),
    start(redis.url, {}),
  ]);
  tokens = await openSessions(postgres, [5, 6, 8, 9]);
});
beforeEach(async () => {
  token = tokens.shift()!;
  await waitUntil("in use", async () => {
    const shops = [troubled, other];
    const values = await Promise.all(shops.map((shop) => shop.metric('shop_db_replica_in_use{replica="replica-1"}')));
    return values.every((value) => value === 1);
  });
});
afterEach(async () => {
  hole.swallow(false);
  await allowTroubled("~*");
  await replica.resumeReplay();
});
afterAll(async () => {
  await Promise.all([troubled?.stop(), other?.stop(), plain?.stop()]);
  admin?.disconnect();
  await Promise.all([replica?.stop(), hole?.stop(), redis?.stop()]);
  await postgres?.stop();
});

/** To which keys Redis lets the troubled instance. */
async function allowTroubled(keys: string): Promise<void> {
  await admin.call("ACL", "SETUSER", "troubled", "on", ">secret", "+@all", "allchannels", "resetkeys", keys);
}

async function shownStock(shop: TestShop): Promise<number> {
  const answer = await shop.fetch(`/shop/api/products/${productId}/`, { client: "192.0.2.9" });
  return ((await answer.json()) as ProductDetail).stock;
}

async function newestOrder(shop: TestShop): Promise<number | undefined> {
  return ((await (await shop.fetch(routes.orders, { token })).json()) as OrderPage).items[0]?.id;
}

/** Orders at an instance; gives what is left of the product after it and how long the answer took. */
async function order(shop: TestShop = troubled): Promise<{ id: number; left: number; tookMs: number }> {
  const startedAt = performance.now();
  const answer = await shop.fetch(routes.orders, { token, json: { lines: [{ productId, quantity: 3 }] } });
  const { id } = (await answer.json()) as Order;
  const tookMs = performance.now() - startedAt;
  const [product] = await postgres.query<{ stock: number }>(`select stock from product where id = ${productId}`);
  return { id, left: product!.stock, tookMs };
}

it("an order just after a stall of Redis is shown by an instance that saw nothing of it, and no old stock is cached", async () => {
  await Promise.all([shownStock(troubled), shownStock(other)]);
  hole.swallow(true);
  // The look for the session starts the pause of the cache, and the look for the mark that of the marks, 300 ms later.
  expect((await troubled.fetch(routes.orders, { token })).status).toBe(200);
  hole.swallow(false);
  // Into the gap: the cache is asked again, and can forget; marks are not looked for yet.
  await sleep(850);
  await replica.pauseReplay();
  const { id, left } = await order();
  expect([await shownStock(other), await newestOrder(other)]).toEqual([left, id]);
  expect(await shownStock(troubled)).toBe(left);
});

it("an order whose mark Redis refuses is answered when no instance can miss it any more, and no old stock is cached", async () => {
  await Promise.all([shownStock(troubled), shownStock(other)]);
  await allowTroubled("~shop:cache:*");
  await replica.pauseReplay();
  const { id, left, tookMs } = await order();
  expect([await shownStock(other), await newestOrder(other)]).toEqual([left, id]);
  expect(await shownStock(troubled)).toBe(left);
  expect(tookMs).toBeLessThan(3_000);
});

it("an order without a mark does not wait longer than replicas need to show it", async () => {
  await allowTroubled("~shop:cache:*");
  const { id, tookMs } = await order();
  expect(await newestOrder(other)).toBe(id);
  expect(tookMs).toBeLessThan(1_400);
});

it("an order at an instance without replicas is shown by one that has them, and no old stock is cached", async () => {
  await Promise.all([shownStock(plain), shownStock(other)]);
  await replica.pauseReplay();
  const { id, left } = await order(plain);
  expect([await shownStock(other), await newestOrder(other)]).toEqual([left, id]);
  expect(await shownStock(plain)).toBe(left);
});
