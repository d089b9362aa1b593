import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { monthAfter, monthName, monthOf } from "../../../service/tasks/layout/months.ts";
import { startChild, type Child } from "../../support/child.ts";
import { startPostgres, type TestPostgres } from "../../support/postgres.ts";
import { migrateShop } from "../../support/shop.ts";
import { startReader, startWriters, type Written } from "../../support/table-writers.ts";
import { waitUntil } from "../../support/wait-until.ts";

/** 10 million with `SHOPCTL_FAULTS=full`, as at 100,000 users; in every run as many as take seconds. */
const isFull = process.env["SHOPCTL_FAULTS"] === "full";
const attempts = isFull ? 10_000_000 : 200_000;
const sessions = isFull ? 500_000 : 20_000;
const accounts = 2_000;
const writers = 4;
/** What is asked for; beside the other tests of two cores a write also waits for its turn. */
const longestWriteMs = isFull ? 500 : 2_000;
const program = join(import.meta.dirname, "..", "..", "..", "service", "task.ts");

let postgres: TestPostgres;
/** Tables, columns, constraints, indexes and rights as they were before any partition. */
let schemaBefore: unknown;

beforeAll(async () => {
  postgres = await startPostgres(["shared_buffers = 256MB", "max_wal_size = 4GB", "maintenance_work_mem = 128MB"]);
  await migrateShop(postgres);
  await postgres.allowShop();
  await postgres.query(
    `insert into account (email, password_hash)
       select 'shopper' || n || '@example.test', '-' from generate_series(1, ${accounts + writers}) n`,
  );
  await postgres.query(
    `insert into login_attempt (account_id, address, succeeded, created_at)
       select n % ${accounts} + 1, '10.0.0.1', n % 20 > 0, now() - (${attempts} - n) * interval '120 days' / ${attempts}
       from generate_series(1, ${attempts}) n`,
  );
  await postgres.query(
    `insert into user_session (token_hash, account_id, expires_at, family_hash, refresh_hash)
       select sha256(n::text::bytea), n % ${accounts} + 1, now() + interval '7 days', sha256(('f' || n)::bytea),
              sha256(('r' || n)::bytea)
       from generate_series(1, ${sessions}) n`,
  );
  await postgres.query("vacuum (analyze)");
  schemaBefore = await schema();
}, 600_000);
afterAll(() => postgres?.stop());

function startTask(...names: string[]): Child {
  return startChild(process.execPath, [program, ...names], {
    env: { ...process.env, SHOP_TASK_URL: postgres.adminUrl() },
  });
}

async function run(...names: string[]): Promise<string> {
  const child = startTask(...names);
  expect([await child.exited, child.output()]).toEqual([0, expect.stringContaining("shop.task/1")]);
  return child.output();
}

async function ask<T>(sql: string): Promise<T> {
  const [row] = await postgres.query<{ answer: T }>(`select (${sql}) as answer`);
  return row!.answer;
}

async function monthNames(): Promise<readonly string[]> {
  const rows = await postgres.query<{ name: string }>(
    `select inhrelid::regclass::text as name from pg_inherits
      where inhparent = 'login_attempt'::regclass and inhrelid <> 'login_attempt_history'::regclass order by 1`,
  );
  return rows.map(({ name }) => name);
}

async function schema(): Promise<unknown> {
  return postgres.query(
    `select 'column' as kind, format('%s.%s', attrelid::regclass, attname) as name,
            concat_ws(' ', attnum, format_type(atttypid, atttypmod), attnotnull, attidentity, pg_get_expr(adbin, adrelid)) as what
       from pg_attribute left join pg_attrdef on adrelid = attrelid and adnum = attnum
      where attnum > 0 and attrelid::regclass::text ~ '^(login_attempt|user_session)'
     union all
     select 'constraint', conname, pg_get_constraintdef(oid) from pg_constraint
      where conrelid::regclass::text ~ '^(login_attempt|user_session)'
     union all
     select 'table', oid::regclass::text, concat_ws(' ', relkind, relacl::text) from pg_class
      where relnamespace = 'public'::regnamespace and relname ~ '^(login_attempt|user_session)' and relkind <> 'i'
     union all
     select 'index', indexrelid::regclass::text, pg_get_indexdef(indexrelid) from pg_index
      where indrelid::regclass::text ~ '^(login_attempt|user_session)'
     union all
     select 'trigger', tgname, tgrelid::regclass::text from pg_trigger
      where not tgisinternal and tgrelid::regclass::text ~ '^(login_attempt|user_session)'
     order by 1, 2`,
  );
}

/** Acknowledged writes that are not there; sessions with another state than the last one that was acknowledged. */
async function lostOf(written: readonly Written[]): Promise<{ attempts: number; sessions: number }> {
  const acknowledged = written.reduce((sum, one) => sum + one.attempts, 0);
  const found = await ask<number>("select count(*)::integer from login_attempt");
  const rows = await postgres.query<{ id: string; refresh: string }>(
    `select public_id as id, encode(refresh_hash, 'hex') as refresh from user_session where account_id > ${accounts}`,
  );
  const wanted = new Map(written.flatMap((one) => [...one.sessions]));
  const differing = rows.filter(({ id, refresh }) => wanted.get(id) !== refresh).length;
  const missing = wanted.size - (rows.length - differing);
  const seeded = await ask<number>(`select count(*)::integer from user_session where account_id <= ${accounts}`);
  return { attempts: attempts + acknowledged - found, sessions: differing + missing + (sessions - seeded) };
}

const all: Written[] = [];
const kinds = (): Promise<string> =>
  ask(
    "select string_agg(relkind::text, '' order by relname) from pg_class where relname in ('login_attempt', 'user_session')",
  );

describe("partitioning under writers", { timeout: 900_000 }, () => {
  it("fault 11: with a reader that holds the tables for 3 s no write is lost, and none waits for half a second", async ({
    annotate,
  }) => {
    await using load = startWriters(postgres.shopUrl(), writers, accounts + 1);
    await using _reader = startReader(postgres.adminUrl(), 3_000);
    const startedAt = performance.now();
    await run("partition-attempts", "partition-sessions");
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
    const written = await load.stop();
    all.push(written);
    const lost = await lostOf(all);
    await annotate(
      `${attempts} login attempts and ${sessions} sessions in ${seconds} s: ${lost.attempts + lost.sessions} of ${written.statements} writes lost, ${written.failures.length} failed, longest ${Math.round(written.longestMs)} ms`,
      "figure",
    );
    expect([written.failures, lost]).toEqual([[], { attempts: 0, sessions: 0 }]);
    expect(written.statements).toBeGreaterThan(500);
    expect(await kinds()).toBe("pp");
    expect(written.longestMs).toBeLessThan(longestWriteMs);
  });

  it("new attempts go to the month that they are of, and partitions are kept ahead of the time", async () => {
    const month = "date_trunc('month', now() + interval '80 days')";
    await postgres.query(`insert into login_attempt (account_id, succeeded, created_at) values (1, true, ${month})`);
    expect(await ask(`select tableoid::regclass::text from login_attempt where created_at = ${month}`)).toBe(
      await ask(`select to_char(${month} at time zone 'UTC', '"login_attempt_"YYYY_MM')`),
    );
    await postgres.query(`delete from login_attempt where created_at = ${month}`);
    const [first = "", ...later] = await monthNames();
    await postgres.query(`drop table ${later.join(", ")}`);
    const wanted = [first];
    while (wanted.at(-1)! < `login_attempt_${monthName(monthAfter(Date.now(), 3))}`)
      wanted.push(`login_attempt_${monthName(monthAfter(monthOf(wanted.at(-1)!)!.getTime(), 1))}`);
    expect(JSON.parse(await run("attempt-months"))).toMatchObject({ made: wanted.length - 1 });
    expect(await monthNames()).toEqual(wanted);
    expect(wanted.length).toBeGreaterThan(1);
    // The id goes on where it was, and the sessions of one account are in one partition.
    const next = await postgres.query<{ id: number }>(
      "insert into login_attempt (succeeded) values (false) returning id::integer",
    );
    expect(next[0]!.id).toBeGreaterThan(attempts);
    await postgres.query("delete from login_attempt where not succeeded and account_id is null");
    expect(await ask("select count(distinct tableoid)::integer from user_session where account_id = 7")).toBe(1);
    expect(await ask("select count(distinct tableoid)::integer from user_session")).toBe(8);
  });

  it("fault 13: a copying that is killed goes on where it was, and no row differs", async ({ annotate }) => {
    await using load = startWriters(postgres.shopUrl(), writers, accounts + 1);
    const copied = (): Promise<number> =>
      ask(
        "select coalesce(obj_description(to_regclass('user_session_next'), 'pg_class')::json ->> 'rows', '0')::integer",
      );
    const first = startTask("unpartition-sessions");
    await waitUntil("a third of the copying", async () => (await copied()) > sessions / 3, 300_000);
    expect(await first.stop("SIGKILL")).toBe("SIGKILL");
    const at = await copied();
    const output = await run("unpartition-sessions", "unpartition-attempts");
    expect(output).toContain('"task":"unpartition-sessions"');
    const written = await load.stop();
    all.push(written);
    const lost = await lostOf(all);
    await annotate(
      `killed at ${at} of ${sessions} rows, row difference ${lost.attempts + lost.sessions}, longest write ${Math.round(written.longestMs)} ms`,
      "figure",
    );
    expect([written.failures, lost]).toEqual([[], { attempts: 0, sessions: 0 }]);
    expect(written.longestMs).toBeLessThan(longestWriteMs);
  });

  it("and the way back leaves the tables exactly as they were", async () => {
    expect(await schema()).toEqual(schemaBefore);
  });
});
