import { afterAll, beforeAll, expect, it } from "vitest";
import { RedisCache } from "../../../service/cache/redis-cache.ts";
import { connectRedis } from "../../../service/cache/redis-client.ts";
import { startRedis, type TestRedis } from "../../support/redis.ts";
import { waitUntil } from "../../support/wait-until.ts";

let server: TestRedis;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server?.stop());

async function holding(...keys: readonly string[]): Promise<RedisCache> {
  const redis = connectRedis(server.url, () => undefined);
  await waitUntil("the connection", () => redis.status === "ready");
  const cache = new RedisCache(redis);
  for (const key of keys) {
    const reservation = await cache.reserve(key);
    if (reservation === undefined || reservation === "taken") throw new Error(`${key} is not to be had`);
    await cache.fill(reservation, "{}", 3_600);
  }
  return cache;
}

it("a process that ends just after an outage of Redis still removes what was written meanwhile", async () => {
  const cache = await holding("product:1", "product:2");
  server.freeze();
  await cache.remove(["product:1"]);
  // After that failure Redis is left alone for a second.
  await cache.remove(["product:2"]);
  server.thaw();
  await cache.close();
  expect(await server.size()).toBe(0);
});

it("a process ends while Redis hangs", async () => {
  const cache = await holding("product:3");
  server.freeze();
  await cache.remove(["product:3"]);
  const startedAt = performance.now();
  await cache.close();
  expect(performance.now() - startedAt).toBeLessThan(2_000);
  server.thaw();
});
