import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { routes } from "../../../service/contract/routes.ts";
import { accountHolder, mailed, mailedCode, type AccountHolder } from "../../support/account-holder.ts";
import { startSmtpReceiver, type MailReceiver } from "../../support/mail-receivers.ts";
import { startPostgres, type TestPostgres } from "../../support/postgres.ts";
import { startRedis, type TestRedis } from "../../support/redis.ts";
import { migrateShop, openSession, startShop, type TestShop } from "../../support/shop.ts";
import { waitUntil } from "../../support/wait-until.ts";

const password = "a first password";
const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const welcome = "Your account at the shop";

let postgres: TestPostgres;
let redis: TestRedis;
let smtp: MailReceiver;
/** Two processes of one shop. */
let shop: TestShop;
let other: TestShop;

beforeAll(async () => {
  [postgres, redis, smtp] = await Promise.all([startPostgres(), startRedis(), startSmtpReceiver()]);
  await migrateShop(postgres);
  const env = { SHOP_CACHE: "redis", SHOP_REDIS_URL: redis.url, SHOP_MAIL: "smtp", SHOP_SMTP_URL: smtp.url };
  [shop, other] = await Promise.all([startShop(postgres.shopUrl(), env), startShop(postgres.shopUrl(), env)]);
});
afterAll(async () => {
  await Promise.all([shop?.stop(), other?.stop()]);
  await Promise.all([smtp?.stop(), redis?.stop()]);
  await postgres?.stop();
});

let people = 0;
/** Someone new at an address of their own, registered. */
async function someone(userAgent?: string): Promise<AccountHolder> {
  people += 1;
  const person = accountHolder(shop, `person${people}@example.test`, `198.51.100.${people}`, userAgent);
  expect((await person.register(password)).status).toBe(202);
  return person;
}

describe("an address of mail", () => {
  it("is verified by the code of the mail, once, and that raises the account's tier and limits", async () => {
    const person = await someone();
    const { token } = await person.signIn(password);
    const read = async (): Promise<unknown> => (await shop.fetch(routes.me, { token })).json();
    expect(await read()).toMatchObject({ emailVerified: false, tier: "new" });
    const quota = async (bearer: string) =>
      (await shop.fetch(routes.products, { token: bearer })).headers.get("ratelimit-policy");
    expect(await quota(token)).toBe('"api-new";q=50;w=60');

    const code = await mailedCode(smtp, welcome, person.email);
    expect((await person.post(routes.verifyEmail, { code })).status).toBe(204);
    expect(await read()).toMatchObject({ emailVerified: true, tier: "verified" });
    const again = await person.post(routes.verifyEmail, { code });
    expect([again.status, await again.json()]).toMatchObject([422, { code: "wrong-code" }]);
    expect(await quota((await person.signIn(password)).token)).toBe('"api-verified";q=100;w=60');
    expect((await person.post(routes.resendVerification, {}, token)).status).toBe(202);

    await postgres.query("update account set tier = 'premium' where email = $1", [person.email]);
    expect(await quota((await person.signIn(password)).token)).toBe('"api-premium";q=200;w=60');
  });

  it("can have its code sent again, and no code works after its time", async () => {
    const person = await someone();
    const { token } = await person.signIn(password);
    await mailedCode(smtp, welcome, person.email);
    expect((await person.post(routes.resendVerification, {}, token)).status).toBe(202);
    const code = await mailedCode(smtp, welcome, person.email, 2);
    await postgres.query("update mail_token set expires_at = now()");
    expect((await person.post(routes.verifyEmail, { code })).status).toBe(422);
  });

  it("registers five times a day and no more, whether it has an account or not", async () => {
    const statuses: number[] = [];
    for (let n = 0; n < 6; n += 1) {
      const from = accountHolder(n % 2 === 0 ? shop : other, "eager@example.test", `203.0.113.${n}`);
      statuses.push((await from.register(password)).status);
    }
    expect(statuses).toEqual([202, 202, 202, 202, 202, 429]);
    await mailed(smtp, welcome, "eager@example.test", 1);
    await mailed(smtp, "You already have an account at the shop", "eager@example.test", 4);
  });
});

describe("sessions", () => {
  it("are listed by device, and ended one by one on every process at once", async () => {
    const person = await someone(firefox);
    const here = await person.signIn(password);
    const there = await accountHolder(shop, person.email, "198.51.100.200", "curl/8").signIn(password);
    expect(await person.statusOf(there.token, other)).toBe(200);
    const sessions = await person.sessions(here.token);
    expect(sessions.map(({ device, current }) => [device, current])).toEqual([
      ["curl", false],
      ["Firefox on Linux", true],
    ]);
    await mailed(smtp, "New device at your account", person.email);

    const path = routes.session.replace(":id", sessions[0]?.id ?? "");
    const stranger = await (await someone()).signIn(password);
    expect((await shop.fetch(path, { method: "DELETE", token: stranger.token })).status).toBe(404);
    expect((await shop.fetch(path, { method: "DELETE", token: here.token })).status).toBe(204);
    expect((await shop.fetch(path, { method: "DELETE", token: here.token })).status).toBe(404);
    expect((await shop.fetch(`${routes.sessions}1/`, { method: "DELETE", token: here.token })).status).toBe(404);
    expect(await person.statusOf(there.token, other)).toBe(401);
    expect((await person.post(routes.refresh, { refreshToken: there.refreshToken })).status).toBe(401);
    expect(await person.statusOf(here.token, other)).toBe(200);
  });

  it("end by logging out: this one, or every one, those of the release before included", async () => {
    const person = await someone();
    const [first, second, third] = [
      await person.signIn(password),
      await person.signIn(password),
      await person.signIn(password),
    ];
    const [account] = await postgres.query<{ id: string }>("select id from account where email = $1", [person.email]);
    const old = await openSession(postgres, Number(account?.id));
    expect((await person.post(routes.logout, {}, first.token)).status).toBe(204);
    const tokens = [first.token, second.token, third.token, old];
    const statuses = () => Promise.all(tokens.map((token) => person.statusOf(token, other)));
    expect(await statuses()).toEqual([401, 200, 200, 200]);
    expect((await person.post(routes.logoutEverywhere, {}, second.token)).status).toBe(204);
    expect(await statuses()).toEqual([401, 401, 401, 401]);
    expect((await person.post(routes.refresh, { refreshToken: third.refreshToken })).status).toBe(401);
    expect(await person.statusOf((await person.signIn(password)).token, other)).toBe(200);
  });

  it("go on by refreshing: the tokens before are void, an access token ends after 15 minutes", async () => {
    const person = await someone();
    const before = await person.signIn(password);
    expect(Date.parse(before.expiresAt) - Date.now()).toBeLessThanOrEqual(900_000);
    expect(await person.statusOf(before.token, other)).toBe(200);
    const answer = await person.post(routes.refresh, { refreshToken: before.refreshToken });
    const after = (await answer.json()) as typeof before;
    expect(await person.statusOf(before.token, other)).toBe(401);
    expect(await person.statusOf(after.token, other)).toBe(200);
    const stored = await postgres.query("select * from user_session");
    expect(JSON.stringify(stored)).not.toContain(after.refreshToken);
  });
});

describe("a password", () => {
  it("is changed by who knows it; other sessions end and the owner is told", async () => {
    const person = await someone();
    const [here, there] = [await person.signIn(password), await person.signIn(password)];
    const change = (currentPassword: string) =>
      person.post(routes.changePassword, { currentPassword, newPassword: "a second password" }, here.token);
    expect((await change("not the password")).status).toBe(403);
    expect((await change(password)).status).toBe(204);
    expect([await person.statusOf(here.token, other), await person.statusOf(there.token, other)]).toEqual([200, 401]);
    expect((await person.post(routes.refresh, { refreshToken: here.refreshToken })).status).toBe(200);
    expect((await person.trySignIn(password)).status).toBe(401);
    expect((await person.trySignIn("a second password")).status).toBe(200);
    await mailed(smtp, "Your password was changed", person.email);
  });

  it("stays when ten guesses were wrong, also for who is signed in", async () => {
    const person = await someone();
    const { token } = await person.signIn(password);
    const statuses: number[] = [];
    for (let n = 0; n < 11; n += 1) {
      const body = { currentPassword: `guess ${n}`, newPassword: "a second password" };
      statuses.push((await person.post(routes.changePassword, body, token)).status);
    }
    expect(statuses).toEqual([...Array<number>(10).fill(403), 429]);
  });
});

describe("codes that reset a password", () => {
  /** Asks `count` times from one network, over both processes, and gives how often each status was answered. */
  async function ask(email: string, network: string, count: number): Promise<Record<number, number>> {
    const answers = Array.from({ length: count }, (_, n) =>
      accountHolder(n % 2 === 0 ? shop : other, email, network).post(routes.resetPassword, { email }),
    );
    const counts: Record<number, number> = {};
    for (const { status } of await Promise.all(answers)) counts[status] = (counts[status] ?? 0) + 1;
    return counts;
  }

  it("go to the owner also when a stranger has asked for too many, and so do codes that verify", async () => {
    const person = await someone();
    const { token } = await person.signIn(password);
    expect(await ask(person.email, "203.0.113.100", 15)).toEqual({ 202: 5, 429: 10 });
    expect(await ask(person.email, "203.0.113.101", 5)).toEqual({ 202: 5 });
    expect((await person.post(routes.resetPassword, { email: person.email })).status).toBe(202);
    expect((await person.post(routes.resendVerification, {}, token)).status).toBe(202);
  });

  it("are 20 a day from all networks together, for an address without an account alike", async () => {
    const person = await someone();
    for (const email of [person.email, "nobody@example.test"]) {
      for (const n of [1, 2, 3, 4]) expect(await ask(email, `203.0.113.${110 + n}`, 5)).toEqual({ 202: 5 });
      expect(await ask(email, "203.0.113.120", 2)).toEqual({ 429: 2 });
    }
  });
});

it("a new password ends a lock, also one that the address had before its account", async () => {
  const [email, subject] = ["locked-before@example.test", "Set a new password at the shop"];
  const stranger = accountHolder(shop, email, "203.0.113.130");
  for (let n = 0; n < 10; n += 1) expect((await stranger.trySignIn("a guess")).status).toBe(401);
  const [owner, elsewhere] = ["198.51.100.130", "198.51.100.131"].map((client) => accountHolder(shop, email, client));
  expect((await owner!.register(password)).status).toBe(202);
  expect((await owner!.trySignIn(password)).status).toBe(429);
  expect((await owner!.post(routes.resetPassword, { email })).status).toBe(202);
  const code = await mailedCode(smtp, subject, email);
  expect((await owner!.post(routes.confirmReset, { code, password: "a second password" })).status).toBe(200);
  expect((await elsewhere!.trySignIn("a second password")).status).toBe(200);
});

describe("without Redis", () => {
  it("a session that ended on another process is not believed for longer than five seconds", async () => {
    const env = { SHOP_MAIL: "smtp", SHOP_SMTP_URL: smtp.url };
    const [one, two] = [await startShop(postgres.shopUrl(), env), await startShop(postgres.shopUrl(), env)];
    try {
      const person = accountHolder(one, "person1@example.test", "198.51.100.1");
      const { token } = await person.signIn(password);
      expect(await person.statusOf(token, two)).toBe(200);
      expect((await person.post(routes.logout, {}, token)).status).toBe(204);
      expect(await person.statusOf(token)).toBe(401);
      await waitUntil("the other process", async () => (await person.statusOf(token, two)) === 401, 7_000);
    } finally {
      await Promise.all([one.stop(), two.stop()]);
    }
  });
});
