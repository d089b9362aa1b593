import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { identityOf } from "../../../service/accounts/identity.ts";
import { routes, seededUser } from "../../../service/contract/routes.ts";
import { accountHolder, mailed } from "../../support/account-holder.ts";
import { startSmtpReceiver, type MailReceiver } from "../../support/mail-receivers.ts";
import { startPostgres, type TestPostgres } from "../../support/postgres.ts";
import { startRedis, type TestRedis } from "../../support/redis.ts";
import { migrateShop, seedShop, startShop, type TestShop } from "../../support/shop.ts";

const instances = 3;

let postgres: TestPostgres;
let redis: TestRedis;
let smtp: MailReceiver;
const shops: TestShop[] = [];

beforeAll(async () => {
  [postgres, redis, smtp] = await Promise.all([startPostgres(), startRedis(), startSmtpReceiver()]);
  await migrateShop(postgres);
  await seedShop(postgres, 100, 5);
  const env = { SHOP_CACHE: "redis", SHOP_REDIS_URL: redis.url, SHOP_MAIL: "smtp", SHOP_SMTP_URL: smtp.url };
  for (let n = 0; n < instances; n += 1) shops.push(await startShop(postgres.shopUrl(), env));
});
afterAll(async () => {
  await Promise.all(shops.map((shop) => shop.stop()));
  await Promise.all([smtp?.stop(), redis?.stop()]);
  await postgres?.stop();
});

const at = (n: number): TestShop => shops[n % instances]!;
const password = seededUser.password;

/** How many of the statuses are each. */
const tally = (statuses: readonly number[]): Record<string, number> =>
  Object.fromEntries([...Map.groupBy(statuses, String)].map(([status, all]) => [status, all.length]));

/** Sign-ins without a right password that are counted for an address. */
async function failuresInRow(email: string): Promise<string | null> {
  const client = new Redis(redis.url);
  try {
    return await client.get(`shop:limit:failed-logins:${identityOf(email).key}`);
  } finally {
    client.disconnect();
  }
}

/** `count` attempts over all instances, `atOnce` at a time. */
async function attempts(
  count: number,
  atOnce: number,
  attempt: (n: number) => Promise<Response>,
): Promise<Record<string, number>> {
  const statuses: number[] = [];
  for (let n = 0; n < count; n += atOnce) {
    const answers = await Promise.all(Array.from({ length: Math.min(atOnce, count - n) }, (_, k) => attempt(n + k)));
    statuses.push(...answers.map(({ status }) => status));
  }
  return tally(statuses);
}

describe("fault 24: passwords are sprayed over several instances", () => {
  it("from one address at many accounts: 20 a minute over all instances together", async () => {
    const found = await attempts(60, 12, (n) =>
      at(n).fetch(routes.token, {
        client: "203.0.113.1",
        json: { email: seededUser.email(n + 1), password: "123456" },
      }),
    );
    expect(found).toEqual({ 401: 20, 429: 40 });
  });

  it("from many addresses at one account: ten, then a lock that its trusted device does not feel", async () => {
    const email = seededUser.email(90);
    const owner = accountHolder(at(0), email, "198.51.100.90");
    const { deviceToken } = await owner.signIn(password);

    const found = await attempts(60, 20, (n) =>
      at(n).fetch(routes.token, { client: `203.0.113.${10 + n}`, json: { email, password: `guess ${n}` } }),
    );
    expect(found).toEqual({ 401: 10, 429: 50 });
    const written = await postgres.query(
      `select refused_because, count(*)::int from login_attempt
       where account_id = 90 and not succeeded and address << '203.0.113.0/24' group by 1 order by 1 desc`,
    );
    expect(written[0]).toEqual({ refused_because: "wrong-credentials", count: 10 });
    expect(written.reduce((sum, { count }) => sum + Number(count), 0)).toBe(60);
    await mailed(smtp, "Many failed attempts to sign in", email, 1);

    for (let n = 0; n < instances; n += 1) {
      expect((await accountHolder(at(n), email, "203.0.113.99").trySignIn(password)).status).toBe(429);
      expect((await accountHolder(at(n), email, `198.51.100.${n}`).trySignIn(password, deviceToken)).status).toBe(200);
    }
    const locks = await postgres.query(
      "select account_id::int, reason from account_lock where account_id = 90 and locked_until > now()",
    );
    expect(locks).toEqual([{ account_id: 90, reason: "failed-logins" }]);
  });

  it("a trusted device has ten wrong attempts of its own, and its token is good for no other account", async () => {
    const victim = accountHolder(at(0), seededUser.email(91), "198.51.100.91");
    const { deviceToken } = await victim.signIn(password);
    const stolen = await attempts(12, 4, (n) =>
      accountHolder(at(n), victim.email, `203.0.113.${100 + n}`).trySignIn("a guess", deviceToken),
    );
    expect(stolen).toEqual({ 401: 10, 429: 2 });
    expect((await victim.trySignIn(password)).status).toBe(200);

    const foreign = await attempts(12, 4, (n) =>
      accountHolder(at(n), seededUser.email(92), `203.0.113.${120 + n}`).trySignIn("a guess", deviceToken),
    );
    expect(foreign).toEqual({ 401: 10, 429: 2 });
    expect((await accountHolder(at(0), seededUser.email(92), "203.0.113.140").trySignIn(password)).status).toBe(429);
  });

  it("a user signs in 100 times a day over all instances together, and then still on a trusted device", async () => {
    const email = seededUser.email(93);
    const owner = accountHolder(at(0), email, "198.51.100.93");
    const { deviceToken } = await owner.signIn(password);
    await owner.signIn(password, deviceToken);
    const found = await attempts(110, 5, (n) => accountHolder(at(n), email, `10.3.${n}.1`).trySignIn(password));
    expect(found).toEqual({ 200: 99, 429: 11 });
    expect(await failuresInRow(email)).toBe("0");
    expect((await owner.trySignIn(password, deviceToken)).status).toBe(200);
  });

  it("a lock outlives Redis, and without Redis logins are still limited", async () => {
    await redis.kill();
    try {
      const locked = accountHolder(at(1), seededUser.email(90), "203.0.113.150");
      expect((await locked.trySignIn(password)).status).toBe(429);
      const found = await attempts(12, 1, (n) =>
        accountHolder(at(0), seededUser.email(94), `203.0.113.${160 + n}`).trySignIn("a guess"),
      );
      expect(found).toEqual({ 401: 5, 429: 7 });
      expect((await accountHolder(at(1), seededUser.email(95), "203.0.113.180").trySignIn(password)).status).toBe(200);
    } finally {
      await redis.start();
    }
  });
});
