import type { StoredTokens } from "../accounts/session-tokens.ts";
import type { Reader } from "./database.ts";
import type { Queryable } from "./queryable.ts";
import type { Statement } from "./query-form.ts";

/** What a sign-in must know before the password is checked. */
export interface LoginSubject {
  readonly account: LoginAccount | undefined;
  /** Set when the device that asks is one that this account trusts. */
  readonly deviceId: number | undefined;
  /** While it is set and ahead, only trusted devices may try. */
  readonly lockedUntil: Date | undefined;
  /** True when the account was used before, and never from such a device at this place. */
  readonly isNewPlace: boolean;
}

export interface LoginAccount {
  readonly id: number;
  readonly passwordHash: string;
  readonly tokenVersion: number;
}

/** From where a sign-in is tried. */
export interface Place {
  readonly label: string;
  /** Network that limits count by, as Postgres' inet takes it. */
  readonly network: string | undefined;
}

interface SubjectRow {
  readonly id: number | null;
  readonly password_hash: string;
  readonly token_version: number;
  readonly device_id: number | null;
  readonly locked_until: Date | null;
  readonly is_new_place: boolean;
}

const accountByLogin: Statement = {
  plain: `select a.id, a.password_hash, a.token_version, d.id as device_id,
            (select max(l.locked_until) from account_lock l
             where l.identity_hash = $2 and l.locked_until > now()) as locked_until,
            exists (select from trusted_device t where t.account_id = a.id)
              and not exists (select from trusted_device t where t.account_id = a.id and t.label = $4
                              and t.address is not distinct from $5::inet) as is_new_place
     from (values (1)) as one (n)
     left join account a on a.email = $1
     left join trusted_device d on d.token_hash = $3 and d.account_id = a.id`,
  optimised: "select * from account_by_login($1, $2, $3, $4, $5)",
};

/** One row for every address, with or without an account: both take the same way. */
export async function findLoginSubject(
  database: Reader,
  login: {
    readonly email: string;
    readonly identityHash: Buffer;
    readonly deviceHash: Buffer | undefined;
    readonly place: Place;
  },
): Promise<LoginSubject> {
  const { email, identityHash, deviceHash, place } = login;
  const values = [email, identityHash, deviceHash ?? null, place.label, place.network ?? null];
  const rows = await database.read<SubjectRow>(accountByLogin[database.form], values);
  const row = rows[0];
  if (row === undefined) throw new Error("a sign-in was looked up without an answer");
  return {
    account:
      row.id === null ? undefined : { id: row.id, passwordHash: row.password_hash, tokenVersion: row.token_version },
    deviceId: row.device_id ?? undefined,
    lockedUntil: row.locked_until ?? undefined,
    isNewPlace: row.device_id === null && row.is_new_place,
  };
}

export interface LoginRecord {
  /** Undefined when the address belongs to nobody. */
  readonly accountId: number | undefined;
  readonly clientAddress: string | undefined;
}

export type FailedBecause = "wrong-credentials" | "locked" | "too-many";

/** Writes down a failed attempt. */
export async function insertFailedLogin(store: Queryable, login: LoginRecord, because: FailedBecause): Promise<void> {
  await store.query(
    "insert into login_attempt (account_id, address, succeeded, refused_because) values ($1, $2, false, $3)",
    [login.accountId ?? null, login.clientAddress ?? null, because],
  );
}

/** Shuts an address out for everyone but trusted devices, whether it has an account or not. False when it is already. */
export async function insertLock(
  store: Queryable,
  lock: { readonly accountId: number | undefined; readonly identityHash: Buffer; readonly until: Date },
): Promise<boolean> {
  const rows = await store.query(
    `insert into account_lock (account_id, identity_hash, reason, locked_until)
     select $1::bigint, $2::bytea, 'failed-logins', $3::timestamptz
     where not exists (select from account_lock where identity_hash = $2 and locked_until > now()) returning id`,
    [lock.accountId ?? null, lock.identityHash, lock.until],
  );
  return rows.length > 0;
}

/** Devices that an account may trust; one that never came back makes room first, then the one not seen for longest. */
const maxDevices = 10;

/**
 * Opens a session, trusts its device and writes the login down, in one statement and therefore together. False, and nothing
 * is written, when the account's sessions were all ended since its password was looked up, as a change of it does.
 */
export async function insertSession(
  store: Queryable,
  session: StoredTokens & {
    readonly account: LoginAccount;
    readonly clientAddress: string | undefined;
    readonly deviceHash: Buffer;
    readonly place: Place;
  },
): Promise<boolean> {
  const { account, place } = session;
  const opened = await store.query(
    `with unchanged as (select id from account where id = $1 and token_version = $11 for share),
          attempt as (insert into login_attempt (account_id, address, succeeded) select id, $2::inet, true from unchanged),
          forgotten as (delete from trusted_device where exists (select from unchanged) and (id, last_seen_at) in (
            select id, last_seen_at from trusted_device where account_id = $1 and token_hash <> $3
            order by last_seen_at > first_seen_at desc, last_seen_at desc offset ${maxDevices - 1})),
          device as (
            insert into trusted_device as d (account_id, token_hash, label, address)
            select id, $3, $4, $5::inet from unchanged
            on conflict (token_hash) do update set label = excluded.label, address = excluded.address, last_seen_at = now()
            where d.account_id = excluded.account_id
            returning id)
     insert into user_session (account_id, address, device_id, device_label, token_hash, access_expires_at, family_hash,
                               refresh_hash, expires_at, token_version, last_seen_at)
     select $1, $2, device.id, $4, $6, $7, $8, $9, $10, $11, now() from device returning public_id`,
    [
      account.id,
      session.clientAddress ?? null,
      session.deviceHash,
      place.label,
      place.network ?? null,
      session.tokenHash,
      session.accessExpiresAt,
      session.familyHash,
      session.refreshHash,
      session.expiresAt,
      account.tokenVersion,
    ],
  );
  return opened.length > 0;
}
