import type { ClientBase } from "pg";
import { hash } from "@node-rs/argon2";
import { passwordParameters } from "../accounts/passwords.ts";
import { seededUser } from "../contract/routes.ts";
import { copyRows } from "./copy-rows.ts";
import { makeProduct } from "./make-product.ts";
import { loadTable } from "./load-table.ts";
import { dayMs, type NewAccounts } from "./new-accounts.ts";
import { seedLocks } from "./seed-locks.ts";
import { seedLoginAttempts } from "./seed-login-attempts.ts";
import { seedMailLog } from "./seed-mail-log.ts";
import { seedOrders } from "./seed-orders.ts";
import { seedSessions } from "./seed-sessions.ts";
import { categories } from "./words.ts";

export interface SeedSize {
  readonly users: number;
  readonly products: number;
}

export interface SeedRequest extends SeedSize {
  /** Equal seeds make equal rows, apart from ids and times. */
  readonly seed: number;
  /** End of the history; times count back from it. */
  readonly until: Date;
}

/** What was added; zeros when the shop had that size already. */
export type SeedResult = SeedSize;

/**
 * Fills a shop up to `size` in one transaction, all or nothing. What an earlier run made counts, so a second run adds
 * nothing and a larger size adds the difference.
 */
export async function seedShop(client: ClientBase, request: SeedRequest): Promise<SeedResult> {
  await client.query("begin");
  try {
    await client.query("select pg_advisory_xact_lock(hashtext('seed'))");
    const products = await seedProducts(client, request.products);
    const accounts = await seedAccounts(client, request);
    if (accounts.ids.length > 0) {
      await seedLoginAttempts(client, accounts);
      await seedSessions(client, accounts);
      await seedLocks(client, accounts);
      await seedOrders(client, accounts);
      await seedMailLog(client, request.users);
    }
    await client.query("commit");
    const added = { users: accounts.ids.length, products };
    // Without fresh statistics the planner guesses until autovacuum comes by.
    if (added.users + added.products > 0) await client.query("analyze");
    return added;
  } catch (error) {
    await client.query("rollback").catch(() => undefined);
    throw error;
  }
}

async function seedProducts(client: ClientBase, wanted: number): Promise<number> {
  const present = await count(client, "select count(*) from product");
  if (present >= wanted) return 0;
  for (const [slug, { name }] of Object.entries(categories)) {
    await client.query("insert into category (slug, name) values ($1, $2) on conflict do nothing", [slug, name]);
  }
  const { rows } = await client.query<{ id: string; slug: string }>("select id, slug from category");
  const ids = new Map(rows.map(({ slug, id }) => [slug, Number(id)]));
  await loadTable(client, "product", () =>
    copyRows(
      client,
      "product (category_id, name, description, price_cents, stock)",
      forEachNumber(present + 1, wanted, (n) => {
        const { categorySlug, name, description, priceCents, stock } = makeProduct(n);
        return [ids.get(categorySlug) ?? 0, name, description, priceCents, stock];
      }),
    ),
  );
  return wanted - present;
}

/** Adds the accounts that are missing; their numbers go on where those of an earlier run end. */
async function seedAccounts(client: ClientBase, request: SeedRequest): Promise<NewAccounts> {
  const { users: wanted, seed, until } = request;
  const present = await count(client, `select count(*) from account where ${isSeeded}`);
  const added = { firstNumber: present + 1, seed, untilMs: until.getTime() };
  if (present >= wanted) return { ...added, ids: [] };
  // The same parameters as in production; one hash for all, because 8,500 of them would take minutes.
  const passwordHash = await hash(seededUser.password, passwordParameters);
  const before = await count(client, "select coalesce(max(id), 0) as count from account");
  await copyRows(
    client,
    "account (email, password_hash, created_at, email_verified_at, tier)",
    forEachNumber(present + 1, wanted, (n) => {
      const createdAt = registeredAt(n, wanted, until);
      return [seededUser.email(n), passwordHash, createdAt, createdAt, "verified"];
    }),
  );
  const { rows } = await client.query<{ id: number }>(
    `select id::float8 as id from account where id > $1 and ${isSeeded} order by id`,
    [before],
  );
  return { ...added, ids: rows.map(({ id }) => id) };
}

/** Those who registered by themselves have other addresses. */
const isSeeded = `email ~ '^shopper[0-9]+@example\\.test$'`;

/** A shop that grew evenly over its last 180 days. */
function registeredAt(n: number, users: number, until: Date): Date {
  return new Date(until.getTime() - 180 * dayMs * (1 - n / (users + 1)));
}

function* forEachNumber<T>(first: number, last: number, make: (n: number) => T): Generator<T> {
  for (let n = first; n <= last; n += 1) yield make(n);
}

async function count(client: ClientBase, sql: string): Promise<number> {
  const { rows } = await client.query<{ count: string }>(sql);
  return Number(rows[0]?.count ?? 0);
}
