import type { AccountTier } from "../contract/accounts.ts";
import type { Session } from "../contract/sessions.ts";
import type { Database, Reader } from "./database.ts";
import type { Queryable } from "./queryable.ts";
import type { Statement } from "./query-form.ts";

/** A session that is good now. */
export interface StoredSession {
  readonly accountId: number;
  /** What its owner sees it by. */
  readonly sessionId: string;
  readonly tier: AccountTier;
  /** End of its access token. */
  readonly expiresAt: Date;
}

/** Sessions of before this release have neither an access time of their own nor a version. */
const isGood = `s.expires_at > now() and s.revoked_at is null
  and (s.token_version is null or s.token_version = a.token_version)`;

/** Newest sessions that are shown. */
const maxListed = 100;

const sessionByToken: Statement = {
  plain: `select s.account_id as "accountId", s.public_id as "sessionId", a.tier,
            coalesce(s.access_expires_at, s.expires_at) as "expiresAt"
     from user_session s join account a on a.id = s.account_id
     where s.token_hash = $1 and coalesce(s.access_expires_at, s.expires_at) > now() and ${isGood}`,
  optimised: "select * from user_session_by_token($1)",
};

/** Session of a hashed access token. */
export async function findSession(database: Reader, tokenHash: Buffer): Promise<StoredSession | undefined> {
  const rows = await database.read<StoredSession>(sessionByToken[database.form], [tokenHash]);
  return rows[0];
}

/** Sessions of an account that are good, the one used last first. */
export async function listSessions(database: Database, accountId: number, currentId: string): Promise<Session[]> {
  const rows = await database.read<{ id: string; device: string | null; created_at: Date; last_seen_at: Date }>(
    `select s.public_id as id, s.device_label as device, s.created_at,
            coalesce(s.last_seen_at, s.created_at) as last_seen_at
     from user_session s join account a on a.id = s.account_id
     where s.account_id = $1 and ${isGood}
     order by coalesce(s.last_seen_at, s.created_at) desc limit ${maxListed}`,
    [accountId],
  );
  return rows.map(({ id, device, created_at, last_seen_at }) => ({
    id,
    device: device ?? "Unknown device",
    createdAt: created_at.toISOString(),
    lastSeenAt: last_seen_at.toISOString(),
    current: id === currentId,
  }));
}

/** Ends one session of an account and gives the hash of its token; undefined when it has no such session. */
export async function endSession(
  store: Queryable,
  session: { readonly accountId: number; readonly sessionId: string; readonly because: "logout" | "revoked" },
): Promise<Buffer | undefined> {
  const rows = await store.query<{ token_hash: Buffer }>(
    `update user_session set revoked_at = now(), revoked_because = $3, expires_at = now()
     where account_id = $1 and public_id = $2 and revoked_at is null and expires_at > now() returning token_hash`,
    [session.accountId, session.sessionId, session.because],
  );
  return rows[0]?.token_hash;
}

/**
 * Ends every session of an account, those that are being opened included, and gives the hashes of the tokens of all others
 * (`findVoidSessions` has theirs).
 */
export async function endAllSessions(store: Queryable, accountId: number): Promise<Buffer[]> {
  const rows = await store.query<{ token_hash: Buffer }>(
    `with raised as (update account set token_version = token_version + 1 where id = $1)
     update user_session set revoked_at = now(), revoked_because = 'logout-everywhere', expires_at = now()
     where account_id = $1 and revoked_at is null and expires_at > now() returning token_hash`,
    [accountId],
  );
  return rows.map((row) => row.token_hash);
}

/** Hashes of the tokens of sessions that were opened while all of the account were ended: good until then, and void since. */
export async function findVoidSessions(database: Reader, accountId: number): Promise<Buffer[]> {
  const rows = await database.read<{ token_hash: Buffer }>(
    `select s.token_hash from user_session s join account a on a.id = s.account_id
     where s.account_id = $1 and s.token_version < a.token_version and s.revoked_at is null and s.expires_at > now()`,
    [accountId],
  );
  return rows.map((row) => row.token_hash);
}
