import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { figures } from "../../../service/contract/figures.ts";
import { routes, seededUser } from "../../../service/contract/routes.ts";
import { startPostgres, type TestPostgres } from "../../support/postgres.ts";
import { startRedis, type TestRedis } from "../../support/redis.ts";
import { migrateShop, openSession, seedShop, startShop, type TestShop } from "../../support/shop.ts";
import { waitUntil } from "../../support/wait-until.ts";

let postgres: TestPostgres;
let redis: TestRedis;
const shops: TestShop[] = [];

beforeAll(async () => {
  [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
  await migrateShop(postgres);
  await seedShop(postgres, 20, 50);
});
afterAll(async () => {
  await Promise.all(shops.map((shop) => shop.stop()));
  await redis?.stop();
  await postgres?.stop();
});

async function start(env: Record<string, string>): Promise<TestShop> {
  const shop = await startShop(postgres.shopUrl(), env);
  shops.push(shop);
  return shop;
}

const redisEnv = () => ({ SHOP_CACHE: "redis", SHOP_REDIS_URL: redis.url });

/** Sends `count` requests one after another over the shops in turn and counts those not refused. */
async function countAllowed(over: readonly TestShop[], path: string, client: string, count: number): Promise<number> {
  let allowed = 0;
  for (let n = 0; n < count; n += 1) {
    // An empty body keeps logins and registrations cheap: limits come before everything else.
    const post = path.startsWith("/accounts/") ? { json: {} } : {};
    const answer = await over[n % over.length]?.fetch(path, { client, ...post });
    await answer?.arrayBuffer();
    if (answer?.status !== 429) allowed += 1;
  }
  return allowed;
}

const paths = {
  login: routes.token,
  registration: routes.register,
  search: `${routes.search}?q=oak`,
  api: routes.products,
};

describe.each([
  ["base", "before"],
  ["raised", "after"],
] as const)("the %s limits in the process", (profile, column) => {
  it("let through exactly the seed's numbers, each rule for itself", async () => {
    const shop = await start({ SHOP_LIMITS: profile });
    for (const rule of figures.rateLimits) {
      const points = rule[column];
      expect([rule.name, await countAllowed([shop], paths[rule.name], "192.0.2.9", points + 5)]).toEqual([
        rule.name,
        points,
      ]);
      expect(await shop.metric(`shop_limit_refusals_total{rule="${rule.name}",address="single"}`)).toBe(5);
      expect(await shop.metric(`shop_limit_checks_total{rule="${rule.name}"}`)).toBe(points + 5);
    }
    expect((await shop.fetch(routes.products, { client: "192.0.2.10" })).status).toBe(200);
  });
});

describe("a refusal", () => {
  it("says what the limit is and when to come back", async () => {
    const shop = await start({});
    await countAllowed([shop], paths.search, "192.0.2.20", 100);
    const refused = await shop.fetch(paths.search, { client: "192.0.2.20" });
    expect(refused.status).toBe(429);
    expect(refused.headers.get("ratelimit-policy")).toBe('"search";q=100;w=60');
    const [, seconds] = /^"search";r=0;t=(\d+)$/.exec(refused.headers.get("ratelimit") ?? "") ?? [];
    expect(Number(seconds)).toBeGreaterThan(0);
    expect(refused.headers.get("retry-after")).toBe(seconds);
    expect(await refused.json()).toMatchObject({ code: "too-many-requests", status: 429 });
  });

  it("counts as of a shared address when five users were seen there", async () => {
    const shop = await start({});
    const office = "192.0.2.30";
    for (let account = 1; account <= 5; account += 1) {
      await shop.fetch(routes.me, { client: office, token: await openSession(postgres, account) });
    }
    await countAllowed([shop], paths.login, office, 23);
    expect(await shop.metric('shop_limit_refusals_total{rule="login",address="shared"}')).toBe(3);
  });

  it("of an account's own pages is that of the API, which they are counted with", async () => {
    const shop = await start({});
    const token = await openSession(postgres, 6);
    const ask = async (path: string) => (await shop.fetch(path, { token })).headers.get("ratelimit");
    const left = [await ask(routes.orders), await ask(routes.me), await ask(routes.sessions)];
    expect(left.map((text) => /;r=(\d+);/.exec(text ?? "")?.[1])).toEqual(["99", "98", "97"]);
  });

  it("cannot be got round by other spellings of a path or by a header of the client", async () => {
    const direct = await start({ SHOP_TRUSTED_PROXIES: "" });
    for (let n = 0; n < 20; n += 1) await direct.fetch(paths.login, { client: `10.0.0.${n}`, json: {} });
    expect((await direct.fetch(paths.login, { client: "10.0.0.99", json: {} })).status).toBe(429);
    for (const path of ["/accounts/token", "/Accounts/Token/", "//accounts/token/", "/accounts/%74oken/"]) {
      expect((await direct.fetch(path, { json: {} })).status).toBe(404);
    }
  });
});

describe("limits in Redis", () => {
  it("hold over all processes together", async () => {
    const two = [await start(redisEnv()), await start(redisEnv())];
    expect(await countAllowed(two, paths.login, "192.0.2.40", 30)).toBe(20);
    expect(await countAllowed(two, paths.search, "192.0.2.40", 110)).toBe(100);
  });

  it("without Redis: browsing goes on without a limit, login keeps half of it in each process", async () => {
    const shop = await start(redisEnv());
    const token = await openSession(postgres, 1);
    expect((await shop.fetch(routes.product.replace(":id", "1"))).status).toBe(200);
    await redis.kill();
    try {
      expect(await countAllowed([shop], paths.login, "192.0.2.50", 30)).toBe(10);
      expect(await countAllowed([shop], paths.search, "192.0.2.50", 130)).toBe(130);
      expect((await shop.fetch(routes.product.replace(":id", "1"), { client: "192.0.2.51" })).status).toBe(200);
      expect((await shop.fetch(routes.orders, { token, client: "192.0.2.51" })).status).toBe(200);
      const good = { email: seededUser.email(1), password: seededUser.password };
      expect((await shop.fetch(routes.token, { json: good, client: "192.0.2.52" })).status).toBe(200);
    } finally {
      await redis.start();
    }
    await waitUntil("limits in Redis again", async () => {
      const answer = await shop.fetch(paths.search, { client: "192.0.2.53" });
      return answer.headers.has("ratelimit");
    });
  });

  it("with a Redis that hangs: answers stay under a second and go on", async () => {
    const shop = await start(redisEnv());
    await shop.fetch(routes.products);
    redis.freeze();
    try {
      for (let n = 0; n < 5; n += 1) {
        const startedAt = performance.now();
        expect((await shop.fetch(routes.products, { client: `192.0.2.${60 + n}` })).status).toBe(200);
        expect(performance.now() - startedAt).toBeLessThan(1_000);
      }
    } finally {
      redis.thaw();
    }
  });
});
