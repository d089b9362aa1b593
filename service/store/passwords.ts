import type { Database } from "./database.ts";
import type { Queryable } from "./queryable.ts";

/** What follows a change: for whom, and which cached sessions to forget. */
export interface ChangedPassword {
  readonly accountId: number;
  readonly email: string;
  readonly tokenHashes: readonly Buffer[];
}

/** The hash that an account's password has now, with its address. */
export async function findPassword(
  database: Database,
  accountId: number,
): Promise<{ readonly email: string; readonly passwordHash: string } | undefined> {
  const rows = await database.read<{ email: string; passwordHash: string }>(
    `select email, password_hash as "passwordHash" from account where id = $1`,
    [accountId],
  );
  return rows[0];
}

/** Ends what relied on the old password: codes to reset it, other sessions, the trust in other devices. */
const endOthers = (except: { session: string; device: string; code: string }): string => `
  voided as (update mail_token t set used_at = now() from changed
             where t.account_id = changed.id and t.purpose = 'reset-password' and t.used_at is null
               and t.token_hash is distinct from ${except.code}),
  untrusted as (delete from trusted_device d using changed
                where d.account_id = changed.id and d.token_hash is distinct from ${except.device}),
  ended as (update user_session s set revoked_at = now(), revoked_because = 'password', expires_at = now() from changed
            where s.account_id = changed.id and s.public_id is distinct from ${except.session}
              and s.revoked_at is null and s.expires_at > now()
            returning s.token_hash)`;

/**
 * Changes the password that the caller has checked; the session and the device that ask go on. Undefined when the
 * password was changed meanwhile.
 */
export async function changePassword(
  store: Queryable,
  change: {
    readonly accountId: number;
    readonly checkedHash: string;
    readonly passwordHash: string;
    readonly sessionId: string;
    readonly deviceHash: Buffer | undefined;
  },
): Promise<ChangedPassword | undefined> {
  const rows = await store.query<ChangedPassword>(
    `with changed as (
       update account set password_hash = $3, password_changed_at = now(), token_version = token_version + 1
       where id = $1 and password_hash = $2 returning id, email, token_version),
     ${endOthers({ session: "$4::uuid", device: "$5::bytea", code: "null" })},
     kept as (update user_session s set token_version = changed.token_version from changed
              where s.account_id = changed.id and s.public_id = $4::uuid)
     select id as "accountId", email, array(select token_hash from ended) as "tokenHashes" from changed`,
    [change.accountId, change.checkedHash, change.passwordHash, change.sessionId, change.deviceHash ?? null],
  );
  return rows[0];
}

/** True while a code to reset a password is good; looked at before the work of hashing the new one. */
export async function isResetCodeGood(database: Database, codeHash: Buffer): Promise<boolean> {
  const rows = await database.read(
    `select from mail_token
     where token_hash = $1 and purpose = 'reset-password' and used_at is null and expires_at > now()`,
    [codeHash],
  );
  return rows.length > 0;
}

/**
 * Uses up a code of a mail to set a new password; ends locks, also of the address from before it had an account
 * (`identityOf`), and trusts the device that asks. Whoever reads the mail owns
 * the address, so it is verified too. Undefined when the code is not good (any more).
 */
export async function resetPassword(
  store: Queryable,
  reset: {
    readonly codeHash: Buffer;
    readonly passwordHash: string;
    readonly device: { readonly hash: Buffer; readonly label: string; readonly network: string | undefined };
  },
): Promise<ChangedPassword | undefined> {
  const rows = await store.query<ChangedPassword>(
    `with used as (
       update mail_token set used_at = now()
       where token_hash = $1 and purpose = 'reset-password' and used_at is null and expires_at > now()
       returning token_hash, account_id),
     changed as (
       update account a set password_hash = $2, password_changed_at = now(), token_version = a.token_version + 1,
                            email_verified_at = coalesce(a.email_verified_at, now()),
                            tier = case a.tier when 'new' then 'verified' else a.tier end
       from used where a.id = used.account_id returning a.id, a.email),
     ${endOthers({ session: "null", device: "null", code: "$1" })},
     unlocked as (update account_lock l set locked_until = now() from changed
                  where (l.account_id = changed.id or l.identity_hash = sha256(convert_to(changed.email, 'UTF8')))
                    and l.locked_until > now()),
     trusted as (insert into trusted_device (account_id, token_hash, label, address)
                 select id, $3, $4, $5::inet from changed)
     select id as "accountId", email, array(select token_hash from ended) as "tokenHashes" from changed`,
    [reset.codeHash, reset.passwordHash, reset.device.hash, reset.device.label, reset.device.network ?? null],
  );
  return rows[0];
}
