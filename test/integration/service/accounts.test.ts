import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TokenAnswer } from "../../../service/contract/accounts.ts";
import { routes, seededUser } from "../../../service/contract/routes.ts";
import { startPostgres, type TestPostgres } from "../../support/postgres.ts";
import { migrateShop, runService, seedShop, startShop, type TestShop } from "../../support/shop.ts";
import { waitUntil } from "../../support/wait-until.ts";

let postgres: TestPostgres;
let shop: TestShop;
let inTheWay: pg.Client;

beforeAll(async () => {
  postgres = await startPostgres();
  await migrateShop(postgres);
  await seedShop(postgres, 20, 50);
  shop = await startShop(postgres.shopUrl());
  inTheWay = new pg.Client({ connectionString: postgres.adminUrl() });
  await inTheWay.connect();
});
afterAll(async () => {
  await inTheWay?.end();
  await shop?.stop();
  await postgres?.stop();
});

const register = (email: string, password = "a long password") =>
  shop.fetch(routes.register, { json: { email, password }, client: `198.51.100.${email.length}` });
const signIn = (email: string, password: string, client = "198.51.100.1") =>
  shop.fetch(routes.token, { json: { email, password }, client });

describe("an account", () => {
  it("is registered, signs in and sees itself", async () => {
    expect((await register(" New@Example.test ")).status).toBe(202);
    const answer = await signIn("NEW@example.test", "a long password");
    expect(answer.status).toBe(200);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    const { token } = (await answer.json()) as TokenAnswer;
    expect(await (await shop.fetch(routes.me, { token })).json()).toMatchObject({ email: "new@example.test" });
    const stored = await postgres.query<{ token_hash: Buffer }>("select token_hash from user_session");
    expect(stored.some((row) => row.token_hash.toString("base64url") === token)).toBe(false);
  });

  it("that exists gets the same answer to a second registration, and keeps its password", async () => {
    const first = await register("twice@example.test", "first password");
    const second = await register("twice@example.test", "second password");
    expect([second.status, await second.text()]).toEqual([first.status, await first.text()]);
    expect((await signIn("twice@example.test", "first password")).status).toBe(200);
    expect((await signIn("twice@example.test", "second password")).status).toBe(401);
    expect(await shop.metric('shop_mail_messages_total{kind="security-alert",transport="smtp",outcome="failed"}')).toBe(
      1,
    );
  });

  it("leaves every login behind, with the shopper's address", async () => {
    await signIn(seededUser.email(17), "wrong password", "203.0.113.77");
    await signIn(seededUser.email(17), seededUser.password, "203.0.113.77");
    const rows = await postgres.query(
      `select account_id::int, succeeded, refused_because from login_attempt where address = '203.0.113.77' order by id`,
    );
    expect(rows).toEqual([
      { account_id: 17, succeeded: false, refused_because: "wrong-credentials" },
      { account_id: 17, succeeded: true, refused_because: null },
    ]);
  });

  it("gets no tokens for a password that was changed while it was checked", async () => {
    const client = "203.0.113.78";
    await inTheWay.query("begin");
    await inTheWay.query("update account set password_hash = 'new', token_version = token_version + 1 where id = 16");
    const signing = signIn(seededUser.email(16), seededUser.password, client);
    await waitUntil("a sign-in that waits for the change", async () => {
      const waiting = "select from pg_stat_activity where usename = 'shop' and wait_event_type = 'Lock'";
      return (await postgres.query(waiting)).length === 1;
    });
    await inTheWay.query("commit");
    expect((await signing).status).toBe(401);
    expect(
      await postgres.query("select succeeded, refused_because from login_attempt where address = $1", [client]),
    ).toEqual([{ succeeded: false, refused_because: "wrong-credentials" }]);
  });

  it("is never turned away without an answer: too many logins at once are asked to come back", async () => {
    const answers = await Promise.all(
      Array.from({ length: 120 }, (_, n) =>
        signIn(seededUser.email(1 + (n % 15)), seededUser.password, `10.9.0.${n % 15}`),
      ),
    );
    const busy = answers.filter(({ status }) => status === 503);
    expect(answers.filter(({ status }) => status === 200).length + busy.length).toBe(120);
    expect(busy.length).toBeGreaterThan(0);
    expect(busy[0]?.headers.get("retry-after")).toBe("2");
  });
});

describe("the log", () => {
  it("has neither passwords nor tokens nor addresses of mail", async () => {
    await register("secret.address@example.test", "secret-password-1");
    await shop.fetch(`${routes.search}?q=secretsearch`);
    await waitUntil("the log", () => shop.child.output().includes("/accounts/register/"));
    expect(shop.child.output()).not.toMatch(/secret|example\.test|correct horse|Bearer/);
  });
});

describe("migrations and seed", () => {
  it("change nothing the second time, and several at once wait for each other", async () => {
    const runs = Array.from({ length: 3 }, () =>
      runService("migrate.ts", [], { SHOP_MIGRATE_URL: postgres.adminUrl() }),
    );
    expect(await Promise.all(runs)).toEqual(Array(3).fill("schema is up to date\n"));
    expect(await seedShop(postgres, 20, 50)).toMatch(/^added 0 users and 0 products/);
  });

  it("grow a shop, and give the last 24 hours the seed's mails: 66 for 1,000 users", async () => {
    expect(await seedShop(postgres, 1_000, 60)).toMatch(/^added 980 users and 10 products/);
    const [counts] = await postgres.query(
      `select (select count(*)::int from account where email like 'shopper%') as users, (select count(*)::int from product) as products,
              (select count(*)::int from login_attempt where account_id = 1000) as attempts,
              (select count(*)::int from mail_log) as mails`,
    );
    expect(counts).toEqual({ users: 1_000, products: 60, attempts: 100, mails: 66 });
    expect((await signIn(seededUser.email(1_000), seededUser.password)).status).toBe(200);
  });

  it("refuse wrong use with exit code 2", async () => {
    await expect(runService("seed.ts", ["--users", "many"], { SHOP_SEED_URL: postgres.adminUrl() })).rejects.toThrow(
      /seed\.ts ended with 2: usage/,
    );
    await expect(runService("migrate.ts", [], { SHOP_MIGRATE_URL: "" })).rejects.toThrow(
      /ended with 2: SHOP_MIGRATE_URL/,
    );
    await expect(runService("main.ts", [], {})).rejects.toThrow(
      /ended with 2: configuration[^]*SHOP_DATABASE_URL is not set/,
    );
  });
});
