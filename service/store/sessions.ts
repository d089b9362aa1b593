import type { Database, Queryable } from "./database.ts";

/** Session as it is cached: whose it is and until when, in ms since 1970. */
export interface StoredSession {
  readonly accountId: number;
  readonly expiresAtMs: number;
}

export interface LoginRecord {
  /** Undefined when the address belongs to nobody. */
  readonly accountId: number | undefined;
  readonly clientAddress: string | undefined;
}

/** Writes down a failed login. */
export async function insertFailedLogin(store: Queryable, login: LoginRecord): Promise<void> {
  await store.query("insert into login_attempt (account_id, address, succeeded) values ($1, $2, false)", [
    login.accountId ?? null,
    login.clientAddress ?? null,
  ]);
}

/** Opens a session and writes the login down, in one statement and therefore together. */
export async function insertSession(
  store: Queryable,
  login: LoginRecord & { readonly tokenHash: Buffer; readonly expiresAt: Date },
): Promise<void> {
  await store.query(
    `with attempt as (insert into login_attempt (account_id, address, succeeded) values ($1, $2, true))
     insert into user_session (token_hash, account_id, expires_at) values ($3, $1, $4)`,
    [login.accountId, login.clientAddress ?? null, login.tokenHash, login.expiresAt],
  );
}

/** Session of a hashed token that has not expired. */
export async function findSession(database: Database, tokenHash: Buffer): Promise<StoredSession | undefined> {
  const rows = await database.read<{ account_id: number; expires_at: Date }>(
    "select account_id, expires_at from user_session where token_hash = $1 and expires_at > now()",
    [tokenHash],
  );
  const row = rows[0];
  return row && { accountId: row.account_id, expiresAtMs: row.expires_at.getTime() };
}
