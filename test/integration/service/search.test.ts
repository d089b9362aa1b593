import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listCategories, listProducts, searchProducts } from "../../../service/contract/catalogue.ts";
import { callShop, type RequestOf } from "../../../service/contract/client.ts";
import { startPostgres, type TestPostgres } from "../../support/postgres.ts";
import { migrateShop, seedShop, startShop, type TestShop } from "../../support/shop.ts";

let postgres: TestPostgres;
let shop: TestShop;

beforeAll(async () => {
  postgres = await startPostgres();
  await migrateShop(postgres);
  await seedShop(postgres, 0, 300);
  await postgres.query(
    `insert into product (category_id, name, description, price_cents, stock, retired_at)
     select 1, name, name, price, 1, case when price = 5 then now() end
     from (values ('Quillon Stand for a Paper Zither', 1), ('Zither', 2), ('Zither Stand', 3), ('Zitherette', 4),
                  ('Stand of the Zither Makers', 6), ('Zither of old', 5)) as p (name, price)`,
  );
  shop = await startShop(postgres.shopUrl(), { SHOP_LIMITS: "raised" });
});
afterAll(async () => {
  await shop?.stop();
  await postgres?.stop();
});

async function find(q: string, limit = 100): Promise<string[]> {
  const answer = await callShop(shop.url, searchProducts, { query: { q, limit } });
  if (!answer.ok) throw new Error(`search answered ${answer.status}`);
  return answer.body.items.map(({ name }) => name);
}

async function list(query: RequestOf<typeof listProducts>["query"]): Promise<readonly number[]> {
  const answer = await callShop(shop.url, listProducts, { query: { limit: 100, ...query } });
  if (!answer.ok) throw new Error(`the list answered ${answer.status}`);
  return answer.body.items.map(({ priceCents }) => priceCents);
}

describe("a search", () => {
  it("puts the name that is the word first, then shorter names, then those that only begin so; retired products nowhere", async () => {
    expect(await find("zither")).toEqual([
      "Zither",
      "Zither Stand",
      "Stand of the Zither Makers",
      "Quillon Stand for a Paper Zither",
      "Zitherette",
    ]);
  });

  it("puts words that stand together before those that are scattered", async () => {
    expect(await find("zither stand")).toEqual([
      "Zither Stand",
      "Stand of the Zither Makers",
      "Quillon Stand for a Paper Zither",
    ]);
  });

  it.each([
    ["a letter too many", "zitther stand", "Zither Stand"],
    ["a letter missing", "zithr", "Zither"],
    ["another letter", "zether", "Zither"],
    ["letters changed round", "zihter stand", "Zither Stand"],
  ])("finds a name with %s", async (_what, q, name) => {
    expect((await find(q))[0]).toBe(name);
    expect(await find(q)).not.toContain("Zither of old");
  });

  it("finds nothing where nothing is like it, and no similar names where one has the words", async () => {
    expect(await find("refrigerator")).toEqual([]);
    expect(await find("½")).toEqual([]);
    expect(await find("zitherette")).toEqual(["Zitherette"]);
  });

  it("gives no more than was asked for", async () => {
    expect(await find("zither", 2)).toEqual(["Zither", "Zither Stand"]);
    expect(await find("zithr", 1)).toEqual(["Zither"]);
  });
});

describe("the list", () => {
  it("keeps to a price range, its bounds included, in every order and category", async () => {
    expect(await list({ minCents: 2, maxCents: 4, sort: "price" })).toEqual([2, 3, 4]);
    expect(await list({ minCents: 2, maxCents: 4, sort: "-price" })).toEqual([4, 3, 2]);
    expect(await list({ minCents: 3, maxCents: 3, category: "kitchen" })).toEqual([3]);
    expect(await list({ minCents: 3, maxCents: 3, category: "garden" })).toEqual([]);
    expect(await list({ minCents: 4, maxCents: 3 })).toEqual([]);
  });

  it("leaves out what was retired, and so does the detail", async () => {
    expect(await list({ maxCents: 10, sort: "price" })).toEqual([1, 2, 3, 4, 6]);
    const [retired] = await postgres.query<{ id: number }>("select id::int from product where retired_at is not null");
    expect((await shop.fetch(`/shop/api/products/${retired?.id}/`)).status).toBe(404);
  });

  it.each(["minCents=-1", "maxCents=1.5", "minCents=x", "maxCents=100000001"])("refuses %s", async (query) => {
    expect((await shop.fetch(`/shop/api/products/?${query}`)).status).toBe(400);
  });

  it("has its categories by name", async () => {
    const answer = await callShop(shop.url, listCategories, {});
    expect(answer.body).toEqual({
      items: ["Clothes", "Garden", "Home", "Kitchen", "Office", "Sport", "Toys", "Travel"].map((name) => ({
        slug: name.toLowerCase(),
        name,
      })),
    });
  });
});
