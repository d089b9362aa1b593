import { afterAll, beforeAll, expect, test } from "vitest";
import { internalRoutes, routes } from "../../../service/contract/routes.ts";
import { startPostgres, type TestPostgres } from "../../support/postgres.ts";
import { startRedis, type TestRedis } from "../../support/redis.ts";
import { migrateShop, openSession, seedShop, startShop } from "../../support/shop.ts";

let postgres: TestPostgres;
let redis: TestRedis;

beforeAll(async () => {
  postgres = await startPostgres();
  redis = await startRedis();
  await migrateShop(postgres);
  await seedShop(postgres, 2, 5);
});
afterAll(async () => {
  await redis?.stop();
  await postgres?.stop();
});

test.each(["memory", "redis"] as const)(
  "sessions and answers that the %s cache remembers are gone once it was told to forget",
  async (cache) => {
    const shared = { SHOP_CACHE: "redis", SHOP_REDIS_URL: redis.url };
    const shop = await startShop(postgres.shopUrl(), cache === "redis" ? shared : {});
    try {
      const token = await openSession(postgres, 1);
      const nameOf = async (): Promise<string> =>
        ((await (await shop.fetch(routes.product.replace(":id", "1"))).json()) as { name: string }).name;
      expect((await shop.fetch(routes.me, { token })).status).toBe(200);
      const before = await nameOf();
      await postgres.query("delete from user_session");
      await postgres.query("update product set name = name || ' of another database' where id = 1");
      expect([(await shop.fetch(routes.me, { token })).status, await nameOf()]).toEqual([200, before]);
      const forgotten = await fetch(shop.internalUrl + internalRoutes.forget, { method: "POST" });
      expect(await forgotten.json()).toEqual({ status: "forgotten" });
      expect([(await shop.fetch(routes.me, { token })).status, await nameOf()]).toEqual([
        401,
        `${before} of another database`,
      ]);
      expect((await fetch(shop.url + internalRoutes.forget, { method: "POST" })).status).toBe(404);
    } finally {
      await shop.stop();
    }
  },
);

test("a shared cache that does not answer is not said to have forgotten", async () => {
  const shop = await startShop(postgres.shopUrl(), { SHOP_CACHE: "redis", SHOP_REDIS_URL: redis.url });
  try {
    await redis.kill();
    const answer = await fetch(shop.internalUrl + internalRoutes.forget, { method: "POST" });
    expect([answer.status, await answer.json()]).toEqual([503, { status: "cache" }]);
  } finally {
    await shop.stop();
    await redis.start();
  }
});
