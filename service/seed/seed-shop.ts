import type { ClientBase } from "pg";
import { hash } from "@node-rs/argon2";
import { passwordParameters } from "../accounts/passwords.ts";
import { seededUser } from "../contract/routes.ts";
import { copyRows } from "./copy-rows.ts";
import { makeProduct } from "./make-product.ts";
import { seedHistory, seedMailLog } from "./seed-history.ts";
import { categories } from "./words.ts";

export interface SeedSize {
  readonly users: number;
  readonly products: number;
}

/** What was added; zeros when the shop had that size already. */
export type SeedResult = SeedSize;

/**
 * Fills a shop up to `size` in one transaction, all or nothing. What an earlier run made counts, so a second run adds
 * nothing and a larger size adds the difference.
 */
export async function seedShop(client: ClientBase, size: SeedSize): Promise<SeedResult> {
  await client.query("begin");
  try {
    await client.query("select pg_advisory_xact_lock(hashtext('seed'))");
    const products = await seedProducts(client, size.products);
    const users = await seedUsers(client, size.users);
    if (users > 0) {
      await seedHistory(client);
      await seedMailLog(client, size.users);
    }
    await client.query("commit");
    // Without fresh statistics the planner guesses until autovacuum comes by.
    if (users + products > 0) await client.query("analyze");
    return { users, products };
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
  await copyRows(
    client,
    "product (category_id, name, description, price_cents, stock)",
    forEachNumber(present + 1, wanted, (n) => {
      const { categorySlug, name, description, priceCents, stock } = makeProduct(n);
      return [ids.get(categorySlug) ?? 0, name, description, priceCents, stock];
    }),
  );
  return wanted - present;
}

async function seedUsers(client: ClientBase, wanted: number): Promise<number> {
  const present = await count(client, `select count(*) from account where email ~ '^shopper[0-9]+@example\\.test$'`);
  if (present >= wanted) return 0;
  // The same parameters as in production; one hash for all, because 8,500 of them would take minutes.
  const passwordHash = await hash(seededUser.password, passwordParameters);
  const before = await count(client, "select coalesce(max(id), 0) as count from account");
  await copyRows(
    client,
    "account (email, password_hash, created_at, email_verified_at, tier)",
    forEachNumber(present + 1, wanted, (n) => {
      const createdAt = registeredAt(n, wanted);
      return [seededUser.email(n), passwordHash, createdAt, createdAt, "verified"];
    }),
  );
  await client.query("create temporary table seeded (account_id bigint) on commit drop");
  await client.query("insert into seeded select id from account where id > $1", [before]);
  await client.query("analyze seeded");
  return wanted - present;
}

/** A shop that grew evenly over its last 180 days. */
function registeredAt(n: number, users: number): Date {
  return new Date(Date.now() - 180 * 86_400_000 * (1 - n / (users + 1)));
}

function* forEachNumber<T>(first: number, last: number, make: (n: number) => T): Generator<T> {
  for (let n = first; n <= last; n += 1) yield make(n);
}

async function count(client: ClientBase, sql: string): Promise<number> {
  const { rows } = await client.query<{ count: string }>(sql);
  return Number(rows[0]?.count ?? 0);
}
