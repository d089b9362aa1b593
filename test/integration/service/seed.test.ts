import { afterAll, beforeAll, expect, it } from "vitest";
import { startPostgres, type TestPostgres } from "../../support/postgres.ts";
import { migrateShop, runService, seedShop } from "../../support/shop.ts";

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startPostgres();
  await migrateShop(postgres);
});
afterAll(() => postgres?.stop());

const tables = ["account", "login_attempt", "user_session", "account_lock", "orders", "product"] as const;

async function rowCounts(): Promise<Record<string, number>> {
  const rows = await postgres.query<Record<string, number>>(
    `select ${tables.map((table) => `(select count(*)::integer from ${table}) as ${table}`).join(", ")}`,
  );
  return rows[0]!;
}

/** Indexes and constraints of all tables. */
const indexes = () =>
  postgres.query<{ definition: string }>(
    `select indexdef as definition from pg_indexes where schemaname = 'public'
     union all select conrelid::regclass || conname || convalidated || pg_get_constraintdef(oid) from pg_constraint
     where connamespace = 'public'::regnamespace order by 1`,
  );

/** What a shopper of a number has, without ids and independent of when they were made. */
async function historyOf(number: number): Promise<unknown> {
  const rows = await postgres.query(
    `select (select md5(string_agg(concat_ws(' ', address, succeeded), ',' order by id)) from login_attempt
             where account_id = a.id) as attempts,
            (select md5(string_agg(concat_ws(' ', token_hash, public_id, device_label), ',' order by token_hash)) from user_session
             where account_id = a.id) as sessions,
            (select string_agg(concat_ws(' ', o.created_at, o.total_cents), ',' order by o.id) from orders o
             where o.account_id = a.id) as orders
     from account a where email = $1`,
    [`shopper${number}@example.test`],
  );
  return rows[0];
}

const wanted = ["--users", "40", "--products", "30", "--until", "2026-11-01T00:00:00Z"];

function seedAt(...args: string[]): Promise<string> {
  return runService("seed.ts", args, { SHOP_SEED_URL: postgres.adminUrl() });
}

it("fills a shop in the requirements' proportions, with the indexes and constraints that it had before", async () => {
  const before = await indexes();
  await seedAt(...wanted);
  expect(await rowCounts()).toEqual({
    account: 40,
    login_attempt: 4_000,
    user_session: 200,
    account_lock: 20,
    orders: 80,
    product: 30,
  });
  expect(await indexes()).toEqual(before);
  const [ages] = await postgres.query<{ old: number; ordered: boolean; span: number }>(
    `select (count(*) filter (where created_at < '2026-08-03'))::integer as old,
            bool_and(created_at <= next or next is null) as ordered,
            extract(epoch from max(created_at) - min(created_at))::integer as span
     from (select created_at, lead(created_at) over (order by id) as next from login_attempt) a`,
  );
  expect(ages).toEqual({ old: 1_000, ordered: true, span: 120 * 86_400 - 2_592 });
  const [sums] = await postgres.query<{ wrong: number }>(
    `select count(*)::integer as wrong from orders o where total_cents is distinct from
       (select sum(quantity * price_cents) from order_line where order_id = o.id)`,
  );
  expect(sums).toEqual({ wrong: 0 });
});

it("adds nothing at the same size and the difference at a larger one, without touching what is there", async () => {
  const before = await historyOf(7);
  await seedAt(...wanted);
  expect(await rowCounts()).toMatchObject({ account: 40, login_attempt: 4_000 });
  const indexesBefore = await indexes();
  await seedShop(postgres, 50, 30);
  expect(await rowCounts()).toEqual({
    account: 50,
    login_attempt: 5_000,
    user_session: 250,
    account_lock: 25,
    orders: 100,
    product: 30,
  });
  expect(await historyOf(7)).toEqual(before);
  expect(await indexes()).toEqual(indexesBefore);
});

it("makes equal rows from equal seeds and others from another one", async () => {
  const first = await historyOf(7);
  const empty = () =>
    postgres.query("truncate account, login_attempt, user_session, account_lock, orders, product cascade");
  await empty();
  await seedAt(...wanted);
  expect(await historyOf(7)).toEqual(first);
  await empty();
  await seedAt(...wanted, "--seed", "2");
  expect(await historyOf(7)).not.toEqual(first);
});

it("is refused with its usage when it is called wrongly, and changes nothing when it fails", async () => {
  await expect(seedAt("--users", "many", "--products", "1")).rejects.toThrow(/ended with 2: usage: /);
  await postgres.query("alter table login_attempt add constraint never check (false) not valid");
  const before = await rowCounts();
  const indexesBefore = await indexes();
  await expect(seedAt("--users", "60", "--products", "40")).rejects.toThrow(/nothing was changed/);
  expect(await rowCounts()).toEqual(before);
  expect(await indexes()).toEqual(indexesBefore);
});

it("gives partitions their indexes again", async () => {
  await postgres.query("alter table login_attempt drop constraint if exists never");
  await postgres.query("truncate account, login_attempt, user_session, account_lock, orders, product cascade");
  await runService("task.ts", ["partition-attempts", "partition-sessions"], { SHOP_TASK_URL: postgres.adminUrl() });
  const ofSessions = () =>
    postgres.query("select indexdef from pg_indexes where tablename like 'user_session%' order by indexname");
  const before = await ofSessions();
  await seedAt(...wanted);
  expect((await ofSessions()).length).toBe(before.length);
  const invalid = await postgres.query("select indexrelid::regclass::text as name from pg_index where not indisvalid");
  expect(invalid).toEqual([]);
});
