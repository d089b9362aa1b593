import { randomBytes } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { hashToken, issueTokens } from "../../../service/accounts/session-tokens.ts";
import { Database } from "../../../service/store/database.ts";
import { findLoginSubject, insertSession } from "../../../service/store/logins.ts";
import { insertCode } from "../../../service/store/mail-codes.ts";
import { changePassword, resetPassword } from "../../../service/store/passwords.ts";
import type { Queryable } from "../../../service/store/queryable.ts";
import { refreshSession } from "../../../service/store/refresh-session.ts";
import { endAllSessions, findSession, findVoidSessions } from "../../../service/store/sessions.ts";
import { startPostgres, type TestPostgres } from "../../support/postgres.ts";
import { migrateShop } from "../../support/shop.ts";
import { waitUntil } from "../../support/wait-until.ts";

const email = "ada@example.test";
const place = { label: "shop-test", network: undefined };

let postgres: TestPostgres;
let database: Database;
let inTheWay: pg.Client;

beforeAll(async () => {
  postgres = await startPostgres();
  await migrateShop(postgres);
  const ignore = (): void => undefined;
  database = new Database({ url: postgres.shopUrl(), poolSize: 8, onWait: ignore, onError: ignore });
  inTheWay = new pg.Client({ connectionString: postgres.adminUrl() });
  await inTheWay.connect();
});
afterAll(async () => {
  await database?.close();
  await inTheWay?.end();
  await postgres?.stop();
});
beforeEach(async () => {
  await inTheWay.query("rollback");
  await postgres.query("truncate account restart identity cascade");
  await postgres.query("insert into account (email, password_hash) values ($1, 'old')", [email]);
});

/** Signs in as `http/token.ts` does, in its two parts. */
async function lookUp() {
  const { account } = await findLoginSubject(database, {
    email,
    identityHash: hashToken(email),
    deviceHash: undefined,
    place,
  });
  if (account === undefined) throw new Error("no account");
  return account;
}
async function open(
  account: Awaited<ReturnType<typeof lookUp>>,
  device: Buffer = randomBytes(32),
  store: Queryable = database,
) {
  const family = randomBytes(16);
  const tokens = issueTokens(Date.now(), family);
  await insertSession(store, {
    ...tokens,
    account,
    clientAddress: undefined,
    deviceHash: hashToken(device),
    place,
  });
  const rows = await postgres.query<{ id: string }>("select public_id as id from user_session where token_hash = $1", [
    tokens.tokenHash,
  ]);
  return { family, tokens, sessionId: rows[0]?.id ?? "" };
}
const waiting = (count: number): Promise<unknown> =>
  waitUntil(`${count} statement(s) that wait for a lock`, async () => {
    const rows = await postgres.query(
      "select from pg_stat_activity where usename = 'shop' and wait_event_type = 'Lock'",
    );
    return rows.length >= count;
  });

it("a session that is refreshed while it changes the password goes on", async () => {
  const { family, tokens, sessionId } = await open(await lookUp());
  const changed = Promise.withResolvers<void>();
  const commit = Promise.withResolvers<void>();
  const changing = database.transaction(
    async (transaction) => {
      const change = { accountId: 1, checkedHash: "old", passwordHash: "new", sessionId, deviceHash: undefined };
      await changePassword(transaction, change);
      changed.resolve();
      await commit.promise;
    },
    () => true,
  );
  await changed.promise;
  const refreshing = refreshSession(database, tokens.refreshHash, issueTokens(Date.now(), family));
  await waiting(1);
  commit.resolve();
  await changing;
  expect((await refreshing).outcome).toBe("refreshed");
});

it("a sign-in with the old password that ends after the change of it makes no device trusted", async () => {
  const before = await lookUp();
  const change = { accountId: 1, checkedHash: "old", passwordHash: "new", sessionId: "", deviceHash: undefined };
  await changePassword(database, { ...change, sessionId: "00000000-0000-0000-0000-000000000000" });
  await open(before);
  expect(await postgres.query("select label from trusted_device")).toEqual([]);
});

it("what ends all sessions names also those that were opened while it waited", async () => {
  const first = await open(await lookUp());
  const before = await lookUp();
  await inTheWay.query("begin");
  await inTheWay.query("select from user_session where token_hash = $1 for update", [first.tokens.tokenHash]);
  const ending = endAllSessions(database, 1);
  await waiting(1);
  const late = await open(before);
  // Whoever uses it now has it cached.
  expect(await findSession(database, late.tokens.tokenHash)).toBeDefined();
  await inTheWay.query("commit");
  const ended = [...(await ending), ...(await findVoidSessions(database, 1))].map((hash) => hash.toString("hex"));
  expect(await findSession(database, late.tokens.tokenHash)).toBeUndefined();
  expect(ended).toContain(late.tokens.tokenHash.toString("hex"));
});

it("of two codes that reset a password at once one does, and the other is good no more", async () => {
  const codes = ["one", "two"].map((code) => hashToken(code));
  for (const codeHash of codes) await insertCode(database, { accountId: 1, codeHash, purpose: "reset-password" });
  await inTheWay.query("begin");
  await inTheWay.query("select from account for no key update");
  const resetting = Promise.allSettled(
    codes.map((codeHash) => {
      const device = { ...place, hash: hashToken(codeHash) };
      return resetPassword(database, { codeHash, passwordHash: codeHash.toString("hex"), device });
    }),
  );
  await waiting(2);
  await inTheWay.query("commit");
  const outcomes = (await resetting).map((one) => (one.status === "rejected" ? String(one.reason) : one.value?.email));
  expect(new Set(outcomes)).toEqual(new Set([email, undefined]));
});

it("all sessions are ended while the password is changed, and neither fails", async () => {
  const [first, second, third] = [await open(await lookUp()), await open(await lookUp()), await open(await lookUp())];
  await inTheWay.query("begin");
  await inTheWay.query("select from user_session where token_hash = $1 for update", [second.tokens.tokenHash]);
  const ending = endAllSessions(database, 1);
  await waiting(1);
  const changing = changePassword(database, {
    accountId: 1,
    checkedHash: "old",
    passwordHash: "new",
    sessionId: third.sessionId,
    deviceHash: undefined,
  });
  await waiting(2);
  await inTheWay.query("commit");
  const outcomes = await Promise.allSettled([ending, changing]);
  expect(outcomes.map((one) => (one.status === "rejected" ? String(one.reason) : "done"))).toEqual(["done", "done"]);
  expect(await findSession(database, first.tokens.tokenHash)).toBeUndefined();
});

it("a device that signs in while an eleventh one does is not forgotten for not having been seen for long", async () => {
  const account = await lookUp();
  const devices = Array.from({ length: 10 }, () => randomBytes(32));
  for (const device of devices) await open(account, device);
  // All came back; the first is the one that was not seen for longest.
  for (const device of devices) await open(account, device);
  const [first = Buffer.alloc(0)] = devices;
  const opened = Promise.withResolvers<void>();
  const commit = Promise.withResolvers<void>();
  const returning = database.transaction(
    async (transaction) => {
      await open(account, first, transaction);
      opened.resolve();
      await commit.promise;
    },
    () => true,
  );
  await opened.promise;
  const eleventh = open(account);
  await waiting(1);
  commit.resolve();
  await Promise.all([returning, eleventh]);
  const rows = await postgres.query("select from trusted_device where token_hash = $1", [hashToken(first)]);
  expect(rows).toHaveLength(1);
});
