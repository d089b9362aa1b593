import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { copySessions } from "../../../service/tasks/layout/copy-sessions.ts";
import { follow, next, sessionLayouts } from "../../../service/tasks/layout/session-layouts.ts";
import { startPostgres, type TestPostgres } from "../../support/postgres.ts";
import { migrateShop } from "../../support/shop.ts";
import { waitUntil } from "../../support/wait-until.ts";

/** More sessions of one account than a batch takes, so that batches end in the middle of them. */
const sessions = 2_500;

let postgres: TestPostgres;
let task: pg.Client;
let shopper: pg.Client;

beforeAll(async () => {
  postgres = await startPostgres();
  await migrateShop(postgres);
  await postgres.query("insert into account (email, password_hash) values ('shopper@example.test', '-')");
  await postgres.query(
    `insert into user_session (token_hash, account_id, expires_at)
       select decode(lpad(to_hex(n), 64, '0'), 'hex'), 1, now() + interval '7 days' from generate_series(1, ${sessions}) n`,
  );
  [task, shopper] = [1, 2].map(() => new pg.Client({ connectionString: postgres.adminUrl() })) as [
    pg.Client,
    pg.Client,
  ];
  await Promise.all([task.connect(), shopper.connect()]);
});
afterAll(async () => {
  await Promise.all([task?.end(), shopper?.end()]);
  await postgres?.stop();
});

it("a session that gets a later token while its batch waits for it makes the copying skip no other", async () => {
  for (const statement of [...sessionLayouts.partitioned, ...follow]) await task.query(statement);
  await shopper.query("begin");
  await shopper.query(
    "update user_session set token_hash = decode(repeat('ff', 32), 'hex') where token_hash = decode(lpad('1', 64, '0'), 'hex')",
  );
  const copying = copySessions(task, sessions, { signal: new AbortController().signal, say: () => undefined });
  await waitUntil("the first batch waiting for the shopper", async () => {
    const waiting = await postgres.query("select from pg_locks where not granted");
    return waiting.length > 0;
  });
  await shopper.query("commit");
  await copying;
  const missing = await postgres.query(`table user_session except table ${next}`);
  const unknown = await postgres.query(`table ${next} except table user_session`);
  expect([missing.length, unknown.length]).toEqual([0, 0]);
});
