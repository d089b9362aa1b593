import type { Me } from "../contract/accounts.ts";
import type { Database } from "./database.ts";

/** What an account may see of itself. */
export async function findMe(database: Database, accountId: number): Promise<Me | undefined> {
  const rows = await database.read<Omit<Me, "createdAt"> & { created_at: Date }>(
    `select id, email, created_at, email_verified_at is not null as "emailVerified", tier from account where id = $1`,
    [accountId],
  );
  const row = rows[0];
  if (row === undefined) return undefined;
  const { created_at: createdAt, ...account } = row;
  return { ...account, createdAt: createdAt.toISOString() };
}

/** Address of an account, for mail. */
export async function findEmail(database: Database, accountId: number): Promise<string | undefined> {
  const rows = await database.read<{ email: string }>("select email from account where id = $1", [accountId]);
  return rows[0]?.email;
}

/** Account of a normalised address. */
export async function findAccountId(database: Database, email: string): Promise<number | undefined> {
  const rows = await database.read<{ id: number }>("select id from account where email = $1", [email]);
  return rows[0]?.id;
}
