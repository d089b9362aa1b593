import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listProducts, readProduct, searchProducts } from "../../../service/contract/catalogue.ts";
import { callShop } from "../../../service/contract/client.ts";
import { placeOrder } from "../../../service/contract/orders.ts";
import { problems } from "../../../service/contract/problems.ts";
import { seededUser } from "../../../service/contract/routes.ts";
import * as staff from "../../../service/contract/staff.ts";
import type { StaffProduct, StockChange } from "../../../service/contract/staff.ts";
import { startPostgres, type TestPostgres } from "../../support/postgres.ts";
import { startRedis, type TestRedis } from "../../support/redis.ts";
import { migrateShop, openSessions, runService, seedShop, startShop, type TestShop } from "../../support/shop.ts";

let postgres: TestPostgres;
let redis: TestRedis;
let shop: TestShop;
let second: TestShop;
let keeper = "";
let shopper = "";

const manage = (...args: string[]) => runService("staff.ts", args, { SHOP_STAFF_URL: postgres.adminUrl() });

beforeAll(async () => {
  [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
  await migrateShop(postgres);
  await seedShop(postgres, 3, 30);
  const env = { SHOP_CACHE: "redis", SHOP_REDIS_URL: redis.url, SHOP_LIMITS: "raised" };
  shop = await startShop(postgres.shopUrl(), env);
  second = await startShop(postgres.shopUrl(), env);
  [keeper = "", shopper = ""] = await openSessions(postgres, [1, 2]);
  await manage("--email", seededUser.email(1), "--grant");
});
afterAll(async () => {
  await Promise.all([shop?.stop(), second?.stop()]);
  await redis?.stop();
  await postgres?.stop();
});

const lamp = { name: "Xylograph", category: "home", description: "Lights up.", priceCents: 4_200, stock: 5 };

async function create(fields: Partial<typeof lamp> = {}): Promise<StaffProduct> {
  const answer = await callShop(shop.url, staff.createProduct, { body: { ...lamp, ...fields } }, keeper);
  if (!answer.ok) throw new Error(`not created: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

const change = (id: number, body: Partial<staff.ProductChanges>, token = keeper) =>
  callShop(shop.url, staff.changeProduct, { params: { id: String(id) }, body }, token);
const stock = (id: number, body: staff.StockRequest) =>
  callShop(shop.url, staff.changeStock, { params: { id: String(id) }, body }, keeper);
const shown = async (id: number) =>
  (await callShop(second.url, readProduct, { params: { id: String(id) } })).body as { stock?: number; name?: string };

async function newestIds(): Promise<number[]> {
  const answer = await callShop(second.url, listProducts, { query: { sort: "newest", limit: 5 } });
  return answer.ok ? answer.body.items.map(({ id }) => id) : [];
}

async function foundIds(q: string): Promise<number[]> {
  const answer = await callShop(second.url, searchProducts, { query: { q } });
  return answer.ok ? answer.body.items.map(({ id }) => id) : [];
}

describe("staff routes", () => {
  it("are not there for anybody else, whatever is sent, and need a session", async () => {
    const product = { params: { id: "1" } };
    const absent = await callShop(shop.url, readProduct, { params: { id: "99999999" } });
    for (const body of [lamp, { nonsense: true } as unknown as typeof lamp]) {
      const answer = await callShop(shop.url, staff.createProduct, { body }, shopper);
      expect([answer.status, answer.body]).toEqual([404, absent.body]);
    }
    for (const answer of [
      await change(1, { priceCents: 1 }, shopper),
      await callShop(shop.url, staff.readStaffProduct, product, shopper),
      await callShop(shop.url, staff.listStockChanges, product, shopper),
      await callShop(shop.url, staff.changeStock, { ...product, body: { stock: 1, reason: "x" } }, shopper),
    ]) {
      expect([answer.status, answer.body]).toEqual([404, absent.body]);
    }
    expect((await callShop(shop.url, staff.readStaffProduct, product)).status).toBe(problems["not-signed-in"].status);
  });

  it("end for an account at once when it is staff no longer", async () => {
    const [token = ""] = await openSessions(postgres, [3]);
    const read = async () => (await callShop(shop.url, staff.readStaffProduct, { params: { id: "1" } }, token)).status;
    expect(await read()).toBe(404);
    await manage("--email", seededUser.email(3).toUpperCase(), "--grant");
    expect(await manage("--list")).toBe(`${seededUser.email(1)}\n${seededUser.email(3)}\n`);
    expect(await read()).toBe(200);
    await manage("--email", seededUser.email(3), "--revoke");
    expect(await read()).toBe(404);
  });

  it("cannot be opened by the shop's own role", async () => {
    const asShop = { SHOP_STAFF_URL: postgres.shopUrl() };
    await expect(runService("staff.ts", ["--email", seededUser.email(2), "--grant"], asShop)).rejects.toThrow(
      /permission denied for table staff/,
    );
    await expect(manage("--email", "nobody@example.test", "--grant")).rejects.toThrow(/no account/);
    await expect(manage("--email", seededUser.email(2))).rejects.toThrow(/usage/);
  });
});

describe("a product", () => {
  it("that is added is listed, found and sold at once, at every instance", async () => {
    await newestIds();
    expect(await foundIds("xylograph")).toEqual([]);
    const made = await create();
    expect(made).toMatchObject({ ...lamp, retiredAt: null });
    expect((await newestIds())[0]).toBe(made.id);
    expect(await foundIds("xylograph")).toEqual([made.id]);
    const body = { lines: [{ productId: made.id, quantity: 5 }] };
    expect((await callShop(second.url, placeOrder, { body }, shopper)).status).toBe(201);
    expect(await shown(made.id)).toMatchObject({ stock: 0 });
  });

  it("that is changed is shown changed in detail, list and search, and keeps what was left out", async () => {
    const made = await create({ name: "Plain Zeppelin" });
    expect(await shown(made.id)).toMatchObject({ name: "Plain Zeppelin" });
    await foundIds("zeppelin");
    const changed = await change(made.id, { name: "Fancy Airship", category: "toys" });
    expect([changed.status, changed.body]).toEqual([200, { ...made, name: "Fancy Airship", category: "toys" }]);
    expect(await shown(made.id)).toMatchObject({ name: "Fancy Airship", category: "toys", priceCents: 4_200 });
    expect(await foundIds("zeppelin")).toEqual([]);
    expect(await foundIds("airship")).toEqual([made.id]);
    expect((await change(made.id, {})).body).toEqual(changed.body);
  });

  it("that is retired is neither shown nor sold, stays in orders and for staff, and can come back", async () => {
    const made = await create({ name: "Gone Gramophone" });
    await shown(made.id);
    await newestIds();
    const [retired, again] = [await change(made.id, { retired: true }), await change(made.id, { retired: true })];
    expect(retired.body).toMatchObject({ id: made.id, retiredAt: expect.any(String) as string });
    expect(again.body).toEqual(retired.body);
    expect(await shown(made.id)).toMatchObject({ code: "not-found" });
    expect(await newestIds()).not.toContain(made.id);
    const body = { lines: [{ productId: made.id, quantity: 1 }] };
    const refused = await callShop(shop.url, placeOrder, { body }, shopper);
    expect(refused.body).toMatchObject({ code: "unknown-product", productIds: [made.id] });
    const read = await callShop(shop.url, staff.readStaffProduct, { params: { id: String(made.id) } }, keeper);
    expect(read.body).toEqual(retired.body);
    expect((await change(made.id, { retired: false })).body).toEqual(made);
    expect((await callShop(shop.url, placeOrder, { body }, shopper)).status).toBe(201);
  });

  it("needs a category that exists, a name, and a price that is one", async () => {
    const send = async (fields: object) =>
      (await callShop(shop.url, staff.createProduct, { body: { ...lamp, ...fields } }, keeper)).body;
    expect(await send({ category: "boats" })).toMatchObject({ code: "unknown-category", status: 422 });
    for (const fields of [{ name: " " }, { name: "a\0" }, { priceCents: -1 }, { priceCents: 1.5 }, { stock: 2e9 }]) {
      expect(await send(fields)).toMatchObject({ code: "invalid-input", status: 400 });
    }
    expect((await change(1, { category: "boats" })).body).toMatchObject({ code: "unknown-category" });
    expect((await change(99_999_999, { priceCents: 1 })).body).toMatchObject({ code: "not-found" });
  });
});

describe("a stock", () => {
  it("is set and adjusted, shown at once, and every change stands in its history", async () => {
    const { id } = await create({ stock: 10 });
    await shown(id);
    expect((await stock(id, { change: 7, reason: "delivery" })).body).toMatchObject({ change: 7, stock: 17 });
    expect(await shown(id)).toMatchObject({ stock: 17 });
    expect((await stock(id, { stock: 3, reason: "stocktaking" })).body).toMatchObject({ change: -14, stock: 3 });
    expect((await stock(id, { change: -4, reason: "broken" })).body).toMatchObject({ code: "out-of-stock" });
    expect((await stock(id, { change: 1e9, reason: "typing error" })).body).toMatchObject({ code: "too-much-stock" });
    expect(await shown(id)).toMatchObject({ stock: 3 });

    const page = (query: { limit: number; after?: number }) =>
      callShop(shop.url, staff.listStockChanges, { params: { id: String(id) }, query }, keeper);
    const first = (await page({ limit: 2 })).body as { items: StockChange[]; next: string };
    const rest = (await page({ limit: 2, after: Number(first.next) })).body as { items: StockChange[]; next: null };
    expect(rest.next).toBeNull();
    expect(
      [...first.items, ...rest.items].map((item) => [item.change, item.stock, item.reason, item.accountId]),
    ).toEqual([
      [-14, 3, "stocktaking", 1],
      [7, 17, "delivery", 1],
      [10, 10, "new product", 1],
    ]);
  });

  it("loses no piece when orders and adjustments meet", async () => {
    const { id } = await create({ stock: 100 });
    const body = { lines: [{ productId: id, quantity: 2 }] };
    const work = Array.from({ length: 20 }, (_, n) => [
      callShop(n % 2 === 0 ? shop.url : second.url, placeOrder, { body }, shopper).then(({ status }) => status),
      stock(id, { change: 3, reason: "delivery" }).then(({ status }) => status),
    ]);
    expect(new Set(await Promise.all(work.flat()))).toEqual(new Set([200, 201]));
    expect(await shown(id)).toMatchObject({ stock: 120 });
  });

  it("of a product that does not exist is not found", async () => {
    expect((await stock(99_999_999, { change: 1, reason: "x" })).status).toBe(404);
    expect((await stock(1, { change: 1, stock: 1, reason: "x" })).status).toBe(400);
  });
});
