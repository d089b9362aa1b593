import type { Queryable } from "./queryable.ts";

/** What a code that went out by mail is good for. */
export type CodePurpose = "verify-email" | "reset-password";

/** Minutes that a code is good for: a reset opens the account, so it is short. */
export const codeLifeMinutes: Readonly<Record<CodePurpose, number>> = { "verify-email": 1_440, "reset-password": 30 };

export interface Registered {
  readonly accountId: number;
  /** False when the address had an account already. */
  readonly isNew: boolean;
}

/**
 * Creates an account with the code that verifies its address. An address that has one keeps it as it is, and gets a code
 * to reset its password instead: both write, so that neither can be told by its time.
 */
export async function registerAccount(
  store: Queryable,
  account: { readonly email: string; readonly passwordHash: string; readonly codeHash: Buffer },
): Promise<Registered> {
  const values = [account.email, account.passwordHash, account.codeHash];
  // An account that was committed between the statement's start and its insert is seen by neither branch: once more.
  for (let attempt = 0; attempt < 2; attempt += 1) {
    const rows = await store.query<Registered>(
      `with created as (
         insert into account (email, password_hash) values ($1, $2) on conflict (email) do nothing returning id),
       owner as (
         select id, true as is_new from created
         union all select id, false from account where email = $1 and not exists (select from created)),
       code as (
         insert into mail_token (token_hash, account_id, purpose, expires_at)
         select $3, id, case when is_new then 'verify-email' else 'reset-password' end,
                now() + case when is_new then ${lifeOf("verify-email")} else ${lifeOf("reset-password")} end
         from owner)
       select id as "accountId", is_new as "isNew" from owner`,
      values,
    );
    if (rows[0] !== undefined) return rows[0];
  }
  throw new Error("an account was neither created nor found");
}

/** Writes a new code down; the earlier ones of an account stay good until one of them is used. */
export async function insertCode(
  store: Queryable,
  code: { readonly accountId: number; readonly codeHash: Buffer; readonly purpose: CodePurpose },
): Promise<void> {
  await store.query(
    `insert into mail_token (token_hash, account_id, purpose, expires_at)
     values ($1, $2, $3, now() + ${lifeOf(code.purpose)})`,
    [code.codeHash, code.accountId, code.purpose],
  );
}

function lifeOf(purpose: CodePurpose): string {
  return `interval '${codeLifeMinutes[purpose]} minutes'`;
}

/** Uses up the code of a mail and verifies its account's address. False when it is not good (any more). */
export async function verifyByCode(store: Queryable, codeHash: Buffer): Promise<boolean> {
  const rows = await store.query(
    `with used as (
       update mail_token set used_at = now()
       where token_hash = $1 and purpose = 'verify-email' and used_at is null and expires_at > now() returning account_id)
     update account a set email_verified_at = coalesce(a.email_verified_at, now()),
                          tier = case a.tier when 'new' then 'verified' else a.tier end
     from used where a.id = used.account_id returning a.id`,
    [codeHash],
  );
  return rows.length > 0;
}
