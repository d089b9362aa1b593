import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Order } from "../../../service/contract/orders.ts";
import type { Problem } from "../../../service/contract/problems.ts";
import { routes } from "../../../service/contract/routes.ts";
import { startPostgres, type TestPostgres } from "../../support/postgres.ts";
import { migrateShop, openSession, openSessions, seedShop, startShop, type TestShop } from "../../support/shop.ts";

let postgres: TestPostgres;
let shop: TestShop;

beforeAll(async () => {
  postgres = await startPostgres();
  await migrateShop(postgres);
  await seedShop(postgres, 400, 50);
  shop = await startShop(postgres.shopUrl());
});
afterAll(async () => {
  await shop?.stop();
  await postgres?.stop();
});

const order = (
  token: string,
  lines: [number, number][],
  { client = "192.0.2.1", key, expects }: { client?: string; key?: string; expects?: number } = {},
) =>
  shop.fetch(routes.orders, {
    token,
    client,
    json: { lines: lines.map(([productId, quantity]) => ({ productId, quantity })), expectedTotalCents: expects },
    headers: key === undefined ? {} : { "idempotency-key": key },
  });

const setStock = (productId: number, stock: number) =>
  postgres.query("update product set stock = $2 where id = $1", [productId, stock]);

async function stockOf(productId: number): Promise<number | undefined> {
  const rows = await postgres.query<{ stock: number }>("select stock from product where id = $1", [productId]);
  return rows[0]?.stock;
}

const shown = async (): Promise<{ stock: number }> =>
  (await (await shop.fetch("/shop/api/products/4/")).json()) as { stock: number };

function statuses(answers: readonly Response[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

it("an account whose address nobody verified orders ten times a day: each sends a mail to whoever has that address", async () => {
  await setStock(3, 100);
  await postgres.query("update account set tier = 'new', email_verified_at = null where id = 399");
  await postgres.query("update orders set created_at = created_at - interval '2 days' where account_id = 399");
  const [unverified = "", verified = ""] = await openSessions(postgres, [399, 398]);
  const all = async (token: string) => Promise.all(Array.from({ length: 12 }, () => order(token, [[3, 1]])));
  const answers = await all(unverified);
  expect(statuses(answers)).toEqual({ 201: 10, 429: 2 });
  const refused = answers.find(({ status }) => status === 429)!;
  expect(await refused.json()).toMatchObject({ code: "verify-first" });
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(80_000);
  expect(await stockOf(3)).toBe(90);
  // One that was placed is told again, and who verified the address meanwhile is let through at once.
  await postgres.query(
    "update orders set created_at = now() - interval '25 hours' where id = (select max(id) from orders where account_id = 399)",
  );
  const last = [await order(unverified, [[3, 1]], { key: "last" }), await order(unverified, [[3, 1]], { key: "last" })];
  expect(last.map(({ status }) => status)).toEqual([201, 201]);
  expect((await order(unverified, [[3, 1]])).status).toBe(429);
  await postgres.query("update account set tier = 'verified', email_verified_at = now() where id = 399");
  expect((await order(unverified, [[3, 1]])).status).toBe(201);
  expect(statuses(await all(verified))).toEqual({ 201: 12 });
});

describe("stock", () => {
  it("of 100 goes to exactly 100 of 400 buyers (fault 14)", async () => {
    await setStock(1, 100);
    const [seeded] = await postgres.query<{ last: number }>("select max(id)::int as last from orders");
    const tokens = await openSessions(
      postgres,
      Array.from({ length: 400 }, (_, n) => n + 1),
    );
    const answers = await Promise.all(
      tokens.map((token, n) => order(token, [[1, 1]], { client: `10.1.${n >> 8}.${n & 255}` })),
    );
    expect(statuses(answers)).toEqual({ 201: 100, 409: 300 });
    expect(await stockOf(1)).toBe(0);
    const sold = await postgres.query(
      "select count(*)::int as n from order_line where product_id = 1 and order_id > $1",
      [seeded?.last],
    );
    expect(sold).toEqual([{ n: 100 }]);
  });

  it("of several products is taken all or nothing, without deadlocks whatever the order of the lines", async () => {
    await Promise.all([setStock(2, 60), setStock(3, 1_000)]);
    const token = await openSession(postgres, 1);
    const answers = await Promise.all(
      Array.from({ length: 80 }, (_, n) =>
        order(
          token,
          n % 2 === 0
            ? [
                [2, 1],
                [3, 1],
              ]
            : [
                [3, 1],
                [2, 1],
              ],
          { client: `10.2.0.${n}` },
        ),
      ),
    );
    expect(statuses(answers)).toEqual({ 201: 60, 409: 20 });
    expect(await stockOf(2)).toBe(0);
    expect(await stockOf(3)).toBe(940);
  });

  it("that is shown follows an order", async () => {
    const token = await openSession(postgres, 1);
    await setStock(4, 10);
    expect((await shown()).stock).toBe(10);
    expect((await order(token, [[4, 3]])).status).toBe(201);
    expect((await shown()).stock).toBe(7);
  });

  it("of a product that does not exist refuses the order and names it", async () => {
    const answer = await order(await openSession(postgres, 1), [
      [5, 1],
      [999_999, 1],
    ]);
    expect(answer.status).toBe(422);
    expect(answer.headers.get("content-type")).toBe("application/problem+json; charset=utf-8");
    expect(await answer.json()).toMatchObject({
      code: "unknown-product",
      productIds: [999_999],
    } satisfies Partial<Problem>);
  });
});

describe("an idempotency key", () => {
  it("sent 50 times at once places one order and gives it to all (fault 15)", async () => {
    const token = await openSession(postgres, 2);
    const before = await stockOf(6);
    const answers = await Promise.all(Array.from({ length: 50 }, () => order(token, [[6, 2]], { key: "fifty" })));
    expect(statuses(answers)).toEqual({ 201: 50 });
    const bodies = new Set(await Promise.all(answers.map((answer) => answer.text())));
    expect(bodies.size).toBe(1);
    expect(answers.filter((answer) => answer.headers.get("idempotency-replayed") === "true")).toHaveLength(49);
    expect(await stockOf(6)).toBe((before ?? 0) - 2);
  });

  it("with a changed body is refused, and belongs to one account only (fault 15)", async () => {
    const [mine = "", theirs = ""] = await openSessions(postgres, [3, 4]);
    expect((await order(mine, [[7, 1]], { key: "k" })).status).toBe(201);
    const changed = await order(mine, [[7, 2]], { key: "k" });
    expect(changed.status).toBe(422);
    expect(await changed.json()).toMatchObject({ code: "idempotency-key-reused" });
    const other = await order(theirs, [[7, 2]], { key: "k" });
    expect(other.status).toBe(201);
    expect(other.headers.get("idempotency-replayed")).toBeNull();
  });

  it("gives the order that was placed, whatever has become of the price since", async () => {
    const token = await openSession(postgres, 6);
    await postgres.query("update product set price_cents = 500, stock = 10 where id = 9");
    expect((await order(token, [[9, 1]], { key: "dear", expects: 500 })).status).toBe(201);
    await postgres.query("update product set price_cents = 700 where id = 9");
    const again = await order(token, [[9, 1]], { key: "dear", expects: 700 });
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    expect(await again.json()).toMatchObject({ totalCents: 500 });
  });

  it("of a refused order is free again", async () => {
    const token = await openSession(postgres, 5);
    await setStock(8, 0);
    expect((await order(token, [[8, 1]], { key: "again" })).status).toBe(409);
    await setStock(8, 1);
    expect((await order(token, [[8, 1]], { key: "again" })).status).toBe(201);
  });
});

it("an order that would cost another sum than was expected is not placed, and what was shown of its products is forgotten", async () => {
  const token = await openSession(postgres, 7);
  const priceShown = async () =>
    ((await (await shop.fetch("/shop/api/products/10/")).json()) as { priceCents: number }).priceCents;
  await postgres.query("update product set price_cents = 1500, stock = 10 where id = 10");
  const refused = await order(token, [[10, 2]], { key: "seen", expects: 2_000 });
  expect(refused.status).toBe(409);
  expect(await refused.json()).toMatchObject({ code: "total-changed", totalCents: 3_000 } satisfies Partial<Problem>);
  expect(await stockOf(10)).toBe(10);
  // Written past the shop, as when its process was killed before it could forget what it held.
  expect(await priceShown()).toBe(1_500);
  await postgres.query("update product set price_cents = 1600 where id = 10");
  expect(await priceShown()).toBe(1_500);
  expect((await order(token, [[10, 2]], { key: "seen", expects: 3_000 })).status).toBe(409);
  expect(await priceShown()).toBe(1_600);
  expect((await order(token, [[10, 2]], { key: "seen", expects: 3_200 })).status).toBe(201);
  expect(await stockOf(10)).toBe(8);
});

describe("orders", () => {
  it("are listed newest first, page by page, and only to who placed them", async () => {
    const [mine = "", theirs = ""] = await openSessions(postgres, [10, 11]);
    const placed: number[] = [];
    for (const id of [11, 12, 13]) placed.push(((await (await order(mine, [[id, 1]])).json()) as Order).id);
    const first = (await (await shop.fetch(`${routes.orders}?limit=2`, { token: mine })).json()) as {
      items: Order[];
      next: string;
    };
    expect(first.items.map(({ id }) => id)).toEqual([placed[2], placed[1]]);
    const second = await shop.fetch(`${routes.orders}?limit=2&after=${first.next}`, { token: mine });
    expect(((await second.json()) as { items: Order[] }).items[0]?.id).toBe(placed[0]);

    const path = `${routes.orders}${placed[0]}/`;
    expect(((await (await shop.fetch(path, { token: mine })).json()) as Order).lines[0]?.productId).toBe(11);
    const foreign = await shop.fetch(path, { token: theirs });
    expect(foreign.status).toBe(404);
    expect(await foreign.json()).toEqual(
      await (await shop.fetch(`${routes.orders}99999999/`, { token: theirs })).json(),
    );
  });

  it.each([
    ["no lines", { lines: [] }],
    ["no body", undefined],
    ["a quantity of 0", { lines: [{ productId: 1, quantity: 0 }] }],
    ["text for a number", { lines: [{ productId: "1", quantity: 1 }] }],
    ["half a piece", { lines: [{ productId: 1, quantity: 0.5 }] }],
  ])("with %s are refused as invalid input", async (_what, json) => {
    const answer = await shop.fetch(routes.orders, {
      method: "POST",
      client: "192.0.2.50",
      token: await openSession(postgres, 1),
      ...(json === undefined ? {} : { json }),
    });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code: "invalid-input" });
  });

  it("need a session that is known and has not expired", async () => {
    const token = await openSession(postgres, 12);
    await postgres.query("update user_session set expires_at = now() where account_id = 12");
    for (const candidate of [token, "x".repeat(43), undefined]) {
      const answer = await shop.fetch(routes.orders, candidate === undefined ? {} : { token: candidate });
      expect(answer.status).toBe(401);
      expect(answer.headers.get("www-authenticate")).toBe("Bearer");
    }
  });
});
