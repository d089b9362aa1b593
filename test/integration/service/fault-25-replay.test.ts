import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TokenAnswer } from "../../../service/contract/accounts.ts";
import type { Order } from "../../../service/contract/orders.ts";
import { routes, seededUser } from "../../../service/contract/routes.ts";
import { accountHolder, mailed, mailedCode } from "../../support/account-holder.ts";
import { startSmtpReceiver, type MailReceiver } from "../../support/mail-receivers.ts";
import { startPostgres, type TestPostgres } from "../../support/postgres.ts";
import { startRedis, type TestRedis } from "../../support/redis.ts";
import { migrateShop, seedShop, startShop, type TestShop } from "../../support/shop.ts";

const { password } = seededUser;
const resetSubject = "Set a new password at the shop";

let postgres: TestPostgres;
let redis: TestRedis;
let smtp: MailReceiver;
let shop: TestShop;
let other: TestShop;

beforeAll(async () => {
  [postgres, redis, smtp] = await Promise.all([startPostgres(), startRedis(), startSmtpReceiver()]);
  await migrateShop(postgres);
  await seedShop(postgres, 20, 5);
  const env = { SHOP_CACHE: "redis", SHOP_REDIS_URL: redis.url, SHOP_MAIL: "smtp", SHOP_SMTP_URL: smtp.url };
  [shop, other] = await Promise.all([startShop(postgres.shopUrl(), env), startShop(postgres.shopUrl(), env)]);
});
afterAll(async () => {
  await Promise.all([shop?.stop(), other?.stop()]);
  await Promise.all([smtp?.stop(), redis?.stop()]);
  await postgres?.stop();
});

const user = (n: number, at = shop) => accountHolder(at, seededUser.email(n), `198.51.100.${n}`);

describe("fault 25: a refresh token comes a second time", () => {
  it("its session ends for both who have one, on every process; others of the account go on", async () => {
    const owner = user(1);
    const [stolen, elsewhere] = [await owner.signIn(password), await owner.signIn(password)];
    const refresh = async (refreshToken: string, at = shop) => user(1, at).post(routes.refresh, { refreshToken });
    const thief = (await (await refresh(stolen.refreshToken)).json()) as TokenAnswer;
    const thiefAgain = (await (await refresh(thief.refreshToken, other)).json()) as TokenAnswer;
    expect(await owner.statusOf(thiefAgain.token)).toBe(200);
    expect(await owner.statusOf(thiefAgain.token, other)).toBe(200);

    const replayed = await refresh(stolen.refreshToken, other);
    expect([replayed.status, await replayed.json()]).toMatchObject([401, { code: "not-signed-in" }]);
    for (const at of [shop, other]) expect(await owner.statusOf(thiefAgain.token, at)).toBe(401);
    expect((await refresh(thiefAgain.refreshToken)).status).toBe(401);
    expect(await owner.statusOf(elsewhere.token, other)).toBe(200);
    await mailed(smtp, "A device was signed out", owner.email, 1);
  });

  it("also when both come at once: at most one gets tokens, and they are void", async () => {
    const owner = user(2);
    const { refreshToken } = await owner.signIn(password);
    const answers = await Promise.all(
      [shop, other, shop, other].map((at) => user(2, at).post(routes.refresh, { refreshToken })),
    );
    const refreshed = answers.filter(({ status }) => status === 200);
    expect(refreshed).toHaveLength(1);
    const { token } = (await refreshed[0]!.json()) as TokenAnswer;
    expect(await owner.statusOf(token, other)).toBe(401);
    const rows = await postgres.query(
      "select revoked_because from user_session where account_id = 2 and revoked_at is not null",
    );
    expect(rows).toEqual([{ revoked_because: "replay" }]);
  });

  it.each(["", "x", "A".repeat(64), "é".repeat(10)])(
    "nothing that only looks like one works: %j",
    async (refreshToken) => {
      expect((await user(3).post(routes.refresh, { refreshToken })).status).toBe(refreshToken === "" ? 400 : 401);
    },
  );
});

describe("fault 25: a code to reset a password comes a second time", () => {
  it("works once, also when it comes twice at once, ends every session and the lock, and trusts the device", async () => {
    const owner = user(4);
    const before = await owner.signIn(password);
    for (let n = 0; n < 10; n += 1) await accountHolder(shop, owner.email, `203.0.113.${n}`).trySignIn("a guess");
    expect((await owner.trySignIn(password)).status).toBe(429);

    expect((await owner.post(routes.resetPassword, { email: owner.email })).status).toBe(202);
    const code = await mailedCode(smtp, resetSubject, owner.email);
    const confirm = (at = shop) => user(4, at).post(routes.confirmReset, { code, password: "a new password" });
    const answers = await Promise.all([confirm(), confirm(other)]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 422]);
    expect((await confirm()).status).toBe(422);

    expect([await owner.statusOf(before.token), await owner.statusOf(before.token, other)]).toEqual([401, 401]);
    expect((await owner.post(routes.refresh, { refreshToken: before.refreshToken })).status).toBe(401);
    expect((await owner.trySignIn(password)).status).toBe(401);
    expect((await owner.trySignIn("a new password")).status).toBe(200);
    await mailed(smtp, "Your password was changed", owner.email, 1);
  });

  it("using one makes the others of the account void, and none lasts longer than 30 minutes", async () => {
    const owner = user(5);
    await owner.post(routes.resetPassword, { email: owner.email });
    const first = await mailedCode(smtp, resetSubject, owner.email, 1);
    await owner.post(routes.resetPassword, { email: owner.email });
    const second = await mailedCode(smtp, resetSubject, owner.email, 2);
    const confirm = (code: string) => owner.post(routes.confirmReset, { code, password: "a new password" });
    expect((await confirm(second)).status).toBe(200);
    expect((await confirm(first)).status).toBe(422);

    await owner.post(routes.resetPassword, { email: owner.email });
    const late = await mailedCode(smtp, resetSubject, owner.email, 3);
    const [life] = await postgres.query<{ minutes: number }>(
      "select extract(epoch from max(expires_at - created_at))::int / 60 as minutes from mail_token where used_at is null",
    );
    expect(life?.minutes).toBe(30);
    await postgres.query("update mail_token set expires_at = now() where used_at is null");
    expect((await confirm(late)).status).toBe(422);
  });
});

describe("fault 25: another user's order", () => {
  it("is not found, as one that does not exist", async () => {
    const [mine, theirs] = [await user(6).signIn(password), await user(7).signIn(password)];
    const lines = [{ productId: 1, quantity: 1 }];
    const placed = (await (await shop.fetch(routes.orders, { token: mine.token, json: { lines } })).json()) as Order;
    const read = async (id: number, token: string): Promise<readonly [number, string]> => {
      const answer = await other.fetch(routes.order.replace(":id", `${id}`), { token });
      return [answer.status, await answer.text()];
    };
    expect((await read(placed.id, mine.token))[0]).toBe(200);
    expect(await read(placed.id, theirs.token)).toEqual(await read(99_999_999, theirs.token));
    expect((await read(placed.id, theirs.token))[0]).toBe(404);
  });
});
