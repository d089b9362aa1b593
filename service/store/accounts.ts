import type { Me } from "../contract/accounts.ts";
import type { Database, Queryable } from "./database.ts";

/** Account as login needs it. */
export interface StoredAccount {
  readonly id: number;
  readonly passwordHash: string;
}

/** Creates an account; undefined when the address has one already. */
export async function insertAccount(
  store: Queryable,
  email: string,
  passwordHash: string,
): Promise<number | undefined> {
  const rows = await store.query<{ id: number }>(
    "insert into account (email, password_hash) values ($1, $2) on conflict (email) do nothing returning id",
    [email, passwordHash],
  );
  return rows[0]?.id;
}

/** Account of a normalised address. */
export async function findAccountByEmail(database: Database, email: string): Promise<StoredAccount | undefined> {
  const rows = await database.read<StoredAccount>(
    `select id, password_hash as "passwordHash" from account where email = $1`,
    [email],
  );
  return rows[0];
}

/** What an account may see of itself. */
export async function findMe(database: Database, accountId: number): Promise<Me | undefined> {
  const rows = await database.read<{ id: number; email: string; created_at: Date }>(
    "select id, email, created_at from account where id = $1",
    [accountId],
  );
  const row = rows[0];
  return row && { id: row.id, email: row.email, createdAt: row.created_at.toISOString() };
}
