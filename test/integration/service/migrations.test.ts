import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { migrateSchema } from "../../../service/store/migrate-schema.ts";
import type { Patience } from "../../../service/store/politely.ts";
import { startPostgres, type TestPostgres } from "../../support/postgres.ts";

/** Far above the 150 ms that a shopper may wait behind the migration, and below the 3 s after which the shop gives up. */
const longestWait = "2s";

let postgres: TestPostgres;
let folder: string;
let sessions: pg.Client[];

beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres?.stop());

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "shop-migrations-"));
  sessions = [];
  await postgres.query("drop table if exists product, schema_migration");
  writeFileSync(join(folder, "0001_product.sql"), "create table product (name text);");
  await migrate(await connect("shop-migrate"));
  writeFileSync(join(folder, "0002_shelf.sql"), "alter table product add column shelf text;");
});
afterEach(async () => {
  await Promise.all(sessions.map((session) => session.end()));
  rmSync(folder, { recursive: true, force: true });
});

async function connect(name: string): Promise<pg.Client> {
  const session = new pg.Client({ connectionString: postgres.adminUrl(), application_name: name });
  await session.connect();
  sessions.push(session);
  return session;
}

/** Somebody who reads the products and has not ended. */
async function startDump(): Promise<pg.Client> {
  const dump = await connect("pg_dump");
  await dump.query("begin; select from product");
  return dump;
}

function migrate(session: pg.Client, patience: Partial<Patience> = {}): Promise<readonly string[]> {
  return migrateSchema(session, folder, { signal: new AbortController().signal, say: () => undefined, ...patience });
}

it("a migration behind a long reader lets shoppers through, tells what it waits for, and comes when the reader ends", async () => {
  const dump = await startDump();
  const shopper = await connect("shop");
  await shopper.query(`set statement_timeout = '${longestWait}'`);
  const said: string[] = [];
  const migrating = migrate(await connect("shop-migrate"), { say: (line) => said.push(line) });
  try {
    while (said.length === 0) await shopper.query("select from product");
  } finally {
    await dump.query("commit");
    expect(await migrating).toEqual(["0002_shelf"]);
  }
  expect(said[0]).toMatch(/^the migration waits .*: process \d+ \(pg_dump\) has had a transaction open for \d+ s$/);
  await shopper.query("select shelf from product");
});

it("a migration gives up when a reader does not end, and has changed nothing", async () => {
  await startDump();
  await expect(migrate(await connect("shop-migrate"), { giveUpAfterMs: 500 })).rejects.toThrow(
    /^the migration was given up after 0.5 s: process \d+ \(pg_dump\) has had a transaction open for \d+ s$/,
  );
  expect(await postgres.query("select name from schema_migration")).toEqual([{ name: "0001_product" }]);
});

it("a migration waits for another one, and then has nothing to do", async () => {
  const dump = await startDump();
  const [first, second] = [await connect("shop-migrate"), await connect("shop-migrate")];
  const both = Promise.all([migrate(first), migrate(second)]);
  await dump.query("select pg_sleep(1); commit");
  expect((await both).toSorted((one, other) => other.length - one.length)).toEqual([["0002_shelf"], []]);
});
