import { connect } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { readProduct } from "../../../service/contract/catalogue.ts";
import { callShop, requestOf } from "../../../service/contract/client.ts";
import { cancelOrder, listOrders, placeOrder, readOrder } from "../../../service/contract/orders.ts";
import { startCommitTrap, type CommitTrap } from "../../support/commit-trap.ts";
import { startPostgres, type TestPostgres } from "../../support/postgres.ts";
import { startRedis, type TestRedis } from "../../support/redis.ts";
import { migrateShop, openSession, seedShop, startShop, type TestShop } from "../../support/shop.ts";
import { waitUntil } from "../../support/wait-until.ts";

let postgres: TestPostgres;
let redis: TestRedis;
let trap: CommitTrap;
let shop: TestShop;
let token = "";
let accountId = 0;

beforeAll(async () => {
  [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
  await migrateShop(postgres);
  await seedShop(postgres, 9, 10);
  await postgres.query("delete from order_line");
  await postgres.query("delete from orders");
  trap = await startCommitTrap(postgres.port);
  shop = await startInstance();
});
afterAll(async () => {
  await shop?.stop();
  await trap?.stop();
  await redis?.stop();
  await postgres?.stop();
});

/** All share a cache: what one was kept from forgetting the others show. */
const startInstance = (): Promise<TestShop> =>
  startShop(postgres.shopUrl(trap.port), { SHOP_CACHE: "redis", SHOP_REDIS_URL: redis.url });

// A customer without orders and a product with a stock of its own for each test.
beforeEach(async () => {
  accountId += 1;
  token = await openSession(postgres, accountId);
  await postgres.query("update product set stock = 10 where id = $1", [accountId]);
  expect(await shownStock(shop)).toBe(10);
});

const order = () => ({
  body: { lines: [{ productId: accountId, quantity: 3 }] },
  headers: { "idempotency-key": "lost" },
});
const ordersOf = async (at: TestShop): Promise<readonly { id: number; status: string }[]> => {
  const answer = await callShop(at.url, listOrders, {}, token);
  return answer.ok ? answer.body.items : [];
};
const stock = async (): Promise<number | undefined> =>
  (await postgres.query<{ stock: number }>("select stock from product where id = $1", [accountId]))[0]?.stock;

const shownStock = async (at: TestShop): Promise<number | undefined> => {
  const answer = await callShop(at.url, readProduct, { params: { id: String(accountId) } });
  return answer.ok ? answer.body.stock : undefined;
};

/** The retry at `at` gets the order that the lost answer had, and nothing was ordered again. */
async function expectOriginalAnswer(at: TestShop): Promise<void> {
  const retry = await callShop(at.url, placeOrder, order(), token);
  const [only, ...others] = await ordersOf(at);
  expect([retry.status, retry.headers.get("idempotency-replayed"), others]).toEqual([201, "true", []]);
  const saved = await callShop(at.url, readOrder, { params: { id: String(only?.id) } }, token);
  expect(retry.body).toEqual(saved.body);
  expect([await stock(), await shownStock(at)]).toEqual([7, 7]);
  const changed = { ...order(), body: { lines: [{ productId: accountId, quantity: 4 }] } };
  const refused = await callShop(at.url, placeOrder, changed, token);
  expect(refused.body).toMatchObject({ code: "idempotency-key-reused" });
}

test("fault 16: the process is killed (SIGKILL) after the commit, and a retry elsewhere gets the original answer", async () => {
  const victim = await startInstance();
  const committed = trap.set("place_order");
  const lost = callShop(victim.url, placeOrder, order(), token).then(
    ({ status }) => `answered ${status}`,
    (error: Error) => error.message,
  );
  await committed;
  await victim.child.stop("SIGKILL");
  expect(await lost).toBe("fetch failed");
  await expectOriginalAnswer(shop);
});

test("fault 16: the connection to the database breaks after the commit, and a retry gets the original answer", async () => {
  const committed = trap.set("place_order");
  const lost = callShop(shop.url, placeOrder, order(), token);
  await committed;
  trap.cut();
  // Whether it was committed cannot be known, so it is not done again.
  expect((await lost).body).toMatchObject({ code: "unavailable", status: 503 });
  await expectOriginalAnswer(shop);
});

test("fault 16: the client's connection breaks before the answer, and a retry gets the original answer", async () => {
  const { method, path, headers, body = "" } = requestOf(placeOrder, order(), token);
  const client = connect(Number(new URL(shop.url).port), "127.0.0.1");
  const lines = Object.entries({ host: "shop", "content-length": body.length, ...headers });
  client.write(`${method} ${path} HTTP/1.1\r\n${lines.map((line) => line.join(": ")).join("\r\n")}\r\n\r\n${body}`);
  const committed = trap.set("place_order");
  await committed;
  client.destroy();
  trap.release();
  await expectOriginalAnswer(shop);
});

test("fault 16: an order without a key whose commit was never answered is not placed twice", async () => {
  const committed = trap.set("place_order");
  const lost = callShop(shop.url, placeOrder, { body: order().body }, token);
  await committed;
  trap.cut();
  expect((await lost).status).toBe(503);
  expect((await ordersOf(shop)).length).toBe(1);
  expect(await stock()).toBe(7);
});

test("a cancellation whose answer was lost is safe to repeat", async () => {
  const placed = await callShop(shop.url, placeOrder, order(), token);
  if (!placed.ok) throw new Error("not placed");
  expect(await shownStock(shop)).toBe(7);
  const params = { id: String(placed.body.id) };
  const committed = trap.set("update orders");
  const lost = callShop(shop.url, cancelOrder, { params }, token);
  await committed;
  trap.cut();
  expect((await lost).status).toBe(503);
  await waitUntil("the stock", async () => (await stock()) === 10);
  const retry = await callShop(shop.url, cancelOrder, { params }, token);
  expect([retry.status, retry.body]).toMatchObject([200, { id: placed.body.id, status: "cancelled" }]);
  expect([await stock(), await shownStock(shop)]).toEqual([10, 10]);
});
