import { afterAll, beforeAll, expect, test } from "vitest";
import { callShop } from "../../../service/contract/client.ts";
import { cancelOrder, listOrders, placeOrder, readOrder } from "../../../service/contract/orders.ts";
import type { Order } from "../../../service/contract/orders.ts";
import { startPostgres, type TestPostgres } from "../../support/postgres.ts";
import { migrateShop, openSessions, seedShop, startShop, type TestShop } from "../../support/shop.ts";

let postgres: TestPostgres;
let shop: TestShop;
let mine = "";
let theirs = "";

beforeAll(async () => {
  postgres = await startPostgres();
  await migrateShop(postgres);
  await seedShop(postgres, 2, 20);
  shop = await startShop(postgres.shopUrl(), { SHOP_LIMITS: "raised" });
  [mine = "", theirs = ""] = await openSessions(postgres, [1, 2]);
});
afterAll(async () => {
  await shop?.stop();
  await postgres?.stop();
});

async function order(token: string, lines: [number, number][], key?: string): Promise<Order> {
  const body = { lines: lines.map(([productId, quantity]) => ({ productId, quantity })) };
  const headers = key === undefined ? {} : { "idempotency-key": key };
  const answer = await callShop(shop.url, placeOrder, { body, headers }, token);
  if (!answer.ok) throw new Error(`not placed: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

const cancel = (token: string, id: number | string) =>
  callShop(shop.url, cancelOrder, { params: { id: String(id) } }, token);

async function stocksOf(...ids: number[]): Promise<number[]> {
  const sql = "select stock from product where id = any ($1) order by id";
  return (await postgres.query<{ stock: number }>(sql, [ids])).map(({ stock }) => stock);
}

test("a cancelled order gives its stock back, and is shown and listed as cancelled", async () => {
  const before = await stocksOf(1, 2);
  const placed = await order(mine, [
    [1, 3],
    [2, 4],
  ]);
  expect([placed.status, Date.parse(placed.cancellableUntil ?? "") - Date.parse(placed.createdAt)]).toEqual([
    "placed",
    3_600_000,
  ]);
  expect(await stocksOf(1, 2)).toEqual([(before[0] ?? 0) - 3, (before[1] ?? 0) - 4]);
  const cancelled = await cancel(mine, placed.id);
  const expected = { ...placed, status: "cancelled", cancellableUntil: null };
  expect([cancelled.status, cancelled.body]).toEqual([200, expected]);
  expect(await stocksOf(1, 2)).toEqual(before);
  const shown = await callShop(shop.url, readOrder, { params: { id: String(placed.id) } }, mine);
  expect(shown.body).toEqual(expected);
  const listed = await callShop(shop.url, listOrders, { query: { limit: 1 } }, mine);
  expect(listed.body).toMatchObject({ items: [{ id: placed.id, status: "cancelled", cancellableUntil: null }] });
  expect((await (await shop.fetch("/shop/api/products/1/")).json()) as object).toMatchObject({ stock: before[0] });
});

test("30 cancellations at once give the stock back once, and all get the same answer", async () => {
  const [before] = await stocksOf(3);
  const placed = await order(mine, [[3, 10]]);
  const cancelled = await shop.metric("shop_order_cancellations_total");
  const answers = await Promise.all(Array.from({ length: 30 }, () => cancel(mine, placed.id)));
  expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]));
  expect(new Set(answers.map((answer) => JSON.stringify(answer.body))).size).toBe(1);
  expect(await stocksOf(3)).toEqual([before]);
  expect(await shop.metric("shop_order_cancellations_total")).toBe((cancelled ?? 0) + 1);
});

test("orders and cancellations of the same products at once neither deadlock nor lose a piece", async () => {
  const before = await stocksOf(4, 5, 6);
  const placed = await Promise.all(
    Array.from({ length: 20 }, () =>
      order(mine, [
        [6, 1],
        [5, 1],
        [4, 1],
      ]),
    ),
  );
  const work = placed.flatMap(({ id }) => [
    cancel(mine, id).then(({ status }) => status),
    order(theirs, [
      [4, 2],
      [6, 2],
    ]).then(({ status }) => status),
  ]);
  expect(new Set(await Promise.all(work))).toEqual(new Set([200, "placed"]));
  expect(await stocksOf(4, 5, 6)).toEqual([(before[0] ?? 0) - 40, before[1], (before[2] ?? 0) - 40]);
});

test("another account's order and one that does not exist cannot be told apart, and nothing happens to them", async () => {
  const placed = await order(mine, [[7, 1]]);
  const stocks = await stocksOf(7);
  const foreign = await cancel(theirs, placed.id);
  expect(foreign.status).toBe(404);
  expect(foreign.body).toEqual((await cancel(theirs, 99_999_999)).body);
  expect((await cancel(theirs, "nonsense")).status).toBe(404);
  expect((await callShop(shop.url, cancelOrder, { params: { id: String(placed.id) } })).status).toBe(401);
  expect(await stocksOf(7)).toEqual(stocks);
  expect((await callShop(shop.url, readOrder, { params: { id: String(placed.id) } }, mine)).body).toEqual(placed);
});

test("after an hour an order cannot be cancelled any more", async () => {
  const placed = await order(mine, [[8, 2]]);
  const stocks = await stocksOf(8);
  await postgres.query("update orders set created_at = created_at - interval '61 minutes' where id = $1", [placed.id]);
  const late = await cancel(mine, placed.id);
  expect([late.status, late.body]).toMatchObject([409, { code: "not-cancellable" }]);
  expect(await stocksOf(8)).toEqual(stocks);
});

test("an idempotency key still gives the first answer after its order was cancelled, and orders nothing again", async () => {
  const placed = await order(mine, [[9, 1]], "cancelled-later");
  await cancel(mine, placed.id);
  const stocks = await stocksOf(9);
  expect(await order(mine, [[9, 1]], "cancelled-later")).toEqual(placed);
  expect(await stocksOf(9)).toEqual(stocks);
});

test("an answer that a release without order states has saved is given as the contract has it", async () => {
  const placed = await order(mine, [[10, 1]], "older-release");
  await postgres.query(
    `update idempotency_key set answer = (answer::jsonb - 'status' - 'cancellableUntil')::json where key = 'older-release'`,
  );
  expect(await order(mine, [[10, 1]], "older-release")).toEqual(placed);
});
