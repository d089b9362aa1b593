import { afterAll, beforeAll, expect, test } from "vitest";
import { hashToken } from "../../../service/accounts/session-tokens.ts";
import { queryTimesReportSchema } from "../../../service/contract/query-times.ts";
import { seededUser } from "../../../service/contract/routes.ts";
import { readCostlyStatements } from "../../../service/store/costly-statements.ts";
import { Database } from "../../../service/store/database.ts";
import { findLoginSubject } from "../../../service/store/logins.ts";
import { findProduct } from "../../../service/store/products.ts";
import { queryForms, type QueryForm } from "../../../service/store/query-form.ts";
import { readScanFigures } from "../../../service/store/scan-figures.ts";
import { findSession } from "../../../service/store/sessions.ts";
import { startPostgres, type TestPostgres } from "../../support/postgres.ts";
import { migrateShop, openSessions, runService, seedShop } from "../../support/shop.ts";

const users = 2_000;
let postgres: TestPostgres;
const databases = {} as Record<QueryForm, Database>;

beforeAll(async () => {
  postgres = await startPostgres(["shared_preload_libraries = 'pg_stat_statements'"]);
  await migrateShop(postgres);
  await postgres.query("create extension pg_stat_statements");
  // The layout in which planning costs most.
  await runService("task.ts", ["partition-attempts", "partition-sessions"], { SHOP_TASK_URL: postgres.adminUrl() });
  await seedShop(postgres, users, 500);
  await postgres.query("update product set retired_at = now() where id % 97 = 0");
  await postgres.query("analyze");
  for (const form of queryForms) {
    databases[form] = new Database({
      url: postgres.shopUrl(),
      poolSize: 1,
      form,
      onWait: () => undefined,
      onError: () => undefined,
    });
  }
}, 60_000);
afterAll(async () => {
  await Promise.all(Object.values(databases).map((database) => database.close()));
  await postgres?.stop();
});

/** What a question answers in both forms, asked often enough that a function goes by the plan that it keeps. */
async function both<T>(ask: (database: Database) => Promise<T>): Promise<readonly [plain: T, optimised: T]> {
  return [await ask(databases.plain), await ask(databases.optimised)];
}

async function expectEqual(asks: readonly ((database: Database) => Promise<unknown>)[]): Promise<unknown[]> {
  const answers: unknown[] = [];
  for (const ask of asks) {
    const [plain, optimised] = await both(ask);
    expect(optimised).toEqual(plain);
    answers.push(plain);
  }
  return answers;
}

test("both forms find the same product, and neither a retired one or one that never was", async () => {
  const ids = [1, 2, 97, 194, 500, 501, ...Array.from({ length: 20 }, (_, n) => 30 + n)];
  const answers = await expectEqual(ids.map((id) => (database) => findProduct(database, id)));
  expect(answers.map((answer) => answer !== undefined).slice(0, 6)).toEqual([true, true, false, false, true, false]);
});

test("both forms know the same sessions: good, expired, revoked, and of an account that ended all of them", async () => {
  const tokens = await openSessions(
    postgres,
    Array.from({ length: 20 }, (_, n) => n + 1),
  );
  await postgres.query("update user_session set revoked_at = now() where account_id = 3");
  await postgres.query("update user_session set expires_at = now() where account_id = 4");
  await postgres.query("update user_session set access_expires_at = now() where account_id = 5");
  await postgres.query("update user_session set token_version = 0 where account_id = 6");
  await postgres.query("update account set token_version = 1 where id = 6");
  const answers = await expectEqual(
    [...tokens, "no such token"].map((token) => (database) => findSession(database, hashToken(token))),
  );
  const good = answers.map((answer) => answer !== undefined);
  expect(good).toEqual(Array.from({ length: 21 }, (_, n) => ![2, 3, 4, 5, 20].includes(n)));
});

test("both forms know the same of who signs in: nobody, locked, on a trusted device, at a new place", async () => {
  const [first, second] = [1, 2].map((n) => seededUser.email(n));
  const device = hashToken("a device");
  await postgres.query(
    `insert into trusted_device (account_id, token_hash, label, address) values (1, '\\x${device.toString("hex")}', 'Firefox', '10.0.0.1')`,
  );
  await postgres.query(
    `insert into account_lock (account_id, identity_hash, reason, locked_until)
     values (2, '\\x${hashToken(second!).toString("hex")}', 'failed-logins', now() + interval '1 hour')`,
  );
  const asks = [first!, second!, "nobody@example.test"].flatMap((email) =>
    [undefined, device].flatMap((deviceHash) =>
      [undefined, "10.0.0.1", "10.9.9.9"].flatMap((network) =>
        ["Firefox", "Safari"].map(
          (label) => (database: Database) =>
            findLoginSubject(database, {
              email,
              identityHash: hashToken(email),
              deviceHash,
              place: { label, network },
            }),
        ),
      ),
    ),
  );
  const answers = (await expectEqual(asks)) as Awaited<ReturnType<typeof findLoginSubject>>[];
  const seen = (is: (subject: (typeof answers)[number]) => boolean): number => answers.filter(is).length;
  expect([
    seen(({ account }) => account === undefined),
    seen(({ lockedUntil }) => lockedUntil !== undefined),
    seen(({ deviceId }) => deviceId !== undefined),
    seen(({ isNewPlace }) => isNewPlace),
  ]).toEqual([12, 12, 6, 5]);
});

// Times of a busy machine: once of three is enough.
const ofThree = { retry: 2 };

test(
  "the program measures both forms, and keeping plans makes every query cheaper than planning it anew",
  ofThree,
  async () => {
    const printed = await runService("queries.ts", [], { SHOP_QUERIES_URL: postgres.adminUrl() });
    const { times } = queryTimesReportSchema.parse(JSON.parse(printed.trim().split("\n").at(-1)!));
    expect(times.map(({ query }) => query)).toEqual(["session of a token", "account that signs in", "one product"]);
    for (const { query, share, before, after } of times) {
      const [was, is] = [before, after].map(({ planMs, runMs }) => planMs + runMs);
      console.log(`${query}: ${was!.toFixed(3)} ms → ${is!.toFixed(3)} ms`);
      expect(share).toBeGreaterThan(0);
      expect(after.planMs).toBeLessThan(before.planMs / 2);
    }
    const [session, signIn] = times.map(
      ({ before, after }) => (after.planMs + after.runMs) / (before.planMs + before.runMs),
    );
    expect([session! < 0.6, signIn! < 0.8]).toEqual([true, true]);
  },
);

test("what took most is named in words, and calls of functions count for the table that they are named for", async () => {
  const costly = await readCostlyStatements(databases.plain);
  const labels = costly.map(({ label }) => label);
  expect(labels).toContain("select … from user_session_by_token($1)");
  expect(labels.every((label) => label.length <= 72 && !label.includes("pg_stat"))).toBe(true);
  const returned = async () =>
    (await readScanFigures(databases.plain)).find(({ table }) => table === "product")?.rowsReturned ?? 0;
  const before = await returned();
  for (const id of [1, 2, 3]) await findProduct(databases.optimised, id);
  expect((await returned()) - before).toBe(3);
});
