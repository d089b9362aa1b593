import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ProductDetail, ProductPage } from "../../../service/contract/catalogue.ts";
import { routes } from "../../../service/contract/routes.ts";
import { makeProduct } from "../../../service/seed/make-product.ts";
import { startPostgres, type TestPostgres } from "../../support/postgres.ts";
import { startRedis, type TestRedis } from "../../support/redis.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { migrateShop, openSession, seedShop, startShop, type TestShop } from "../../support/shop.ts";

let postgres: TestPostgres;
let redis: TestRedis;
let shop: TestShop;
let second: TestShop;

beforeAll(async () => {
  [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
  await migrateShop(postgres);
  await seedShop(postgres, 20, 300);
  const env = { SHOP_CACHE: "redis", SHOP_REDIS_URL: redis.url, SHOP_LIMITS: "raised" };
  [shop, second] = await Promise.all([startShop(postgres.shopUrl(), env), startShop(postgres.shopUrl(), env)]);
});
afterAll(async () => {
  await Promise.all([shop?.stop(), second?.stop()]);
  await redis?.stop();
  await postgres?.stop();
});

async function page(query: string): Promise<ProductPage> {
  return (await (await shop.fetch(routes.products + query)).json()) as ProductPage;
}

async function detail(of: TestShop, id: number): Promise<ProductDetail> {
  return (await (await of.fetch(routes.product.replace(":id", `${id}`))).json()) as ProductDetail;
}

describe("the catalogue", () => {
  it.each(["name", "price", "-price", "newest"])(
    "by %s shows every product once, page by page, in order",
    async (sort) => {
      const items: ProductPage["items"][number][] = [];
      for (let after: string | null = ""; after !== null;) {
        const { items: more, next }: ProductPage = await page(
          `?sort=${sort}&limit=100${after === "" ? "" : `&after=${after}`}`,
        );
        items.push(...more);
        after = next;
      }
      expect(new Set(items.map(({ id }) => id)).size).toBe(300);
      expect(items).toHaveLength(300);
      const keys = items.map(({ name, priceCents, id }) =>
        sort === "name" ? name : sort === "newest" ? -id : priceCents,
      );
      const ascending = keys.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
      expect(keys).toEqual(sort === "-price" ? ascending.toReversed() : ascending);
    },
  );

  it("by category shows only that one", async () => {
    const { items } = await page("?category=garden&limit=100");
    expect(items.length).toBeGreaterThan(10);
    expect(new Set(items.map(({ category }) => category))).toEqual(new Set(["garden"]));
  });

  it("finds every product by its name, and by the beginning of its last word", async () => {
    for (const n of [1, 42, 300]) {
      const { name } = makeProduct(n);
      for (const q of [name, name.toUpperCase(), name.slice(0, -1)]) {
        const answer = await shop.fetch(`${routes.search}?q=${encodeURIComponent(q)}`);
        expect(((await answer.json()) as ProductPage).items.map(({ id }) => id)).toContain(n);
      }
    }
  });
});

describe("a cache in Redis", () => {
  it("is shared: what one process read, another answers, and an order at one is seen at the other", async () => {
    const token = await openSession(postgres, 1);
    const { stock } = await detail(shop, 9);
    expect(await detail(second, 9)).toMatchObject({ id: 9, stock });
    expect(await second.metric('shop_cache_hits_total{cache="product"}')).toBe(1);
    expect(await second.metric("shop_cache_shared")).toBe(1);
    await shop.fetch(routes.orders, { token, json: { lines: [{ productId: 9, quantity: 4 }] } });
    expect((await detail(second, 9)).stock).toBe(stock - 4);
  });

  it("that was away gives nothing that was removed meanwhile", async () => {
    const token = await openSession(postgres, 2);
    const { stock } = await detail(shop, 10);
    redis.freeze();
    const placed = await shop.fetch(routes.orders, { token, json: { lines: [{ productId: 10, quantity: 1 }] } });
    redis.thaw();
    expect(placed.status).toBe(201);
    expect((await detail(shop, 10)).stock).toBe(stock - 1);
    // Within a second of its return Redis hears what it missed, and tells the others.
    await waitUntil("the other process", async () => (await detail(second, 10)).stock === stock - 1);
    expect((await detail(shop, 10)).stock).toBe(stock - 1);
  });
});

describe("an answer of the catalogue", () => {
  const paths = [routes.products, `${routes.search}?q=oak`, routes.product.replace(":id", "5")];

  it.each(paths)("%s may be kept by browsers and a CDN, and is not sent again to who has it", async (path) => {
    const [first, other] = [await shop.fetch(path), await second.fetch(path)];
    const etag = first.headers.get("etag")!;
    expect(etag).toMatch(/^"[\w-]{22}(-gzip)?"$/);
    expect(other.headers.get("etag")).toBe(etag);
    expect(first.headers.get("cache-control")).toMatch(
      /^public, max-age=\d+, s-maxage=\d+, stale-while-revalidate=\d+, stale-if-error=\d+$/,
    );
    for (const [known, status] of [
      [etag, 304],
      [`W/${etag}`, 304],
      [`"other", ${etag}`, 304],
      [etag.replace("-gzip", "-br"), 304],
      [etag.replace("-gzip", ""), 304],
      ["*", 304],
      ['"other"', 200],
    ] as const) {
      const again = await shop.fetch(path, { headers: { "if-none-match": known } });
      expect([known, again.status, again.headers.get("etag")]).toEqual([known, status, etag]);
    }
  });
});

const cursor = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

describe("odd input", () => {
  it.each([
    ["GET", `${routes.products}?limit=0`, 400],
    ["GET", `${routes.products}?limit=5&limit=6`, 400],
    ["GET", `${routes.products}?sort=stock`, 400],
    ["GET", `${routes.products}?after=${cursor(["name", "a\0", 1])}`, 422],
    ["GET", `${routes.products}?sort=price&after=${cursor(["price", 1e12, 1])}`, 422],
    ["GET", `${routes.search}?q=`, 400],
    ["GET", `${routes.search}?q=${"%F0%9F%8D%B5".repeat(80)}`, 200],
    ["GET", `${routes.search}?q=${"%F0%9F%8D%B5".repeat(81)}`, 400],
    ["GET", `${routes.search}?q=%00`, 200],
    ["GET", `${routes.search}?q=%26%7C!(`, 200],
    ["GET", `${routes.search}?q=gr%C3%B6%C3%9Fe`, 200],
    ["GET", "/shop/api/products/0/", 404],
    ["GET", "/shop/api/products/1e3/", 404],
    ["GET", "/shop/api/products/999999999999999/", 404],
    ["GET", "/shop/api/products/%ff/", 400],
    ["DELETE", "/shop/api/products/1/", 405],
    ["GET", "/shop/api/products/1", 404],
  ])("%s %s is answered with %i", async (method, path, status) => {
    expect((await shop.fetch(path, { method })).status).toBe(status);
  });

  it.each([
    ["a character 0 in the address", { email: "a\0@example.test", password: "x" }, "192.0.2.1", 400],
    ["a password of a megabyte", { email: "a@example.test", password: "x".repeat(1_000_000) }, "192.0.2.1", 413],
    ["a client address that is none", { email: "a@example.test", password: "x" }, "not-an-address", 401],
    ["a client address with a zone", { email: "a@example.test", password: "x" }, "fe80::1%eth0", 401],
    ["a list for a body", [], "192.0.2.1", 400],
  ])("a login with %s is refused", async (_what, json, client, status) => {
    expect((await shop.fetch(routes.token, { json, client })).status).toBe(status);
  });
});
