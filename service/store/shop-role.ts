import type { ClientBase } from "pg";

/** Time that one statement of the shop may take; longer ones are cancelled by the database. */
const statementTimeoutMs = 5_000;
/** Time that the shop may wait for a row lock. */
const lockTimeoutMs = 3_000;
/** Time after which a transaction that its process forgot is ended. */
const idleInTransactionTimeoutMs = 10_000;

/**
 * Creates the role `shop` (without a password: it cannot sign in before one is set) and fixes its timeouts.
 * They belong to the role because PgBouncer refuses `statement_timeout` at connect.
 */
export async function ensureShopRole(client: ClientBase): Promise<void> {
  await client.query("select pg_advisory_lock(hashtext('shop-role'))");
  try {
    await client.query(
      "do $$ begin if not exists (select from pg_roles where rolname = 'shop') then create role shop login; end if; end $$",
    );
    await client.query(`alter role shop set statement_timeout = ${statementTimeoutMs}`);
    await client.query(`alter role shop set lock_timeout = ${lockTimeoutMs}`);
    await client.query(`alter role shop set idle_in_transaction_session_timeout = ${idleInTransactionTimeoutMs}`);
    await client.query("grant usage on schema public to shop");
  } finally {
    await client.query("select pg_advisory_unlock(hashtext('shop-role'))");
  }
}
