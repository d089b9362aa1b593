import type pg from "pg";
import type { AdminTarget } from "./admin-connection.ts";
import { asAdmin } from "./admin-connection.ts";
import { passwordVerifier, verifies } from "./password-verifier.ts";

export interface RolePasswords {
  readonly shop: string;
  readonly pooler: string;
}

/** A slow statement tells in the log why it was slow; what was bound to it are tokens, addresses and password hashes. */
const logNoValues = "alter role shop set log_parameter_max_length = 0";

/** Makes the roles `shop` and `pooler`, sets their passwords, and makes the database `shop`; a second run is fine. */
export async function ensureShopDatabase(
  target: AdminTarget,
  passwords: RolePasswords,
  statementStatistics: boolean,
): Promise<void> {
  await asAdmin(target, "postgres", async (client) => {
    await ensureRole(client, "shop", passwords.shop);
    await ensureRole(client, "pooler", passwords.pooler);
    await client.query(logNoValues);
    const found = await client.query("select 1 from pg_database where datname = 'shop'");
    if (found.rowCount === 0) await client.query("create database shop");
    await restrictDatabase(client, "shop");
  });
  await prepareDatabase(target, "shop", statementStatistics);
}

/** Only the shop's roles may connect; Postgres' default is everybody. */
export async function restrictDatabase(client: pg.Client, database: string): Promise<void> {
  const name = client.escapeIdentifier(database);
  await client.query(`revoke all on database ${name} from public`);
  await client.query(`grant connect on database ${name} to shop, pooler`);
}

/** Sets the passwords of both roles; sessions that are open stay. */
export async function setPasswords(target: AdminTarget, passwords: RolePasswords): Promise<void> {
  await asAdmin(target, "postgres", async (client) => {
    await client.query(logNoValues);
    await setPassword(client, "shop", passwords.shop);
    await setPassword(client, "pooler", passwords.pooler);
  });
}

/** What every database that the shop runs on needs besides the shop's own schema. */
export async function prepareDatabase(
  target: AdminTarget,
  database: string,
  statementStatistics: boolean,
): Promise<void> {
  await asAdmin(target, database, async (client) => {
    if (statementStatistics) await client.query("create extension if not exists pg_stat_statements");
    await client.query("create schema if not exists pooler authorization postgres");
    await client.query("grant usage on schema pooler to pooler");
    // The pooler must look up the shop's verifier but may not read pg_authid itself.
    await client.query(`create or replace function pooler.lookup(wanted text, out name text, out verifier text)
      returns record language sql security definer set search_path = pg_catalog as
      $$ select rolname::text, rolpassword from pg_authid where rolname = $1 and rolname = 'shop' $$`);
    await client.query("revoke all on function pooler.lookup(text) from public");
    await client.query("grant execute on function pooler.lookup(text) to pooler");
  });
}

async function ensureRole(client: pg.Client, role: "shop" | "pooler", password: string): Promise<void> {
  const found = await client.query("select 1 from pg_roles where rolname = $1", [role]);
  if (found.rowCount === 0) await client.query(`create role ${role} login`);
  await setPassword(client, role, password);
}

async function setPassword(client: pg.Client, role: "shop" | "pooler", password: string): Promise<void> {
  const found = await client.query<{ verifier: string | null }>(
    "select rolpassword as verifier from pg_authid where rolname = $1",
    [role],
  );
  // The same password with another salt would shut the pooler out, which signs in with keys of the verifier it has seen.
  if (verifies(found.rows[0]?.verifier ?? "", password)) return;
  await client.query(`alter role ${role} password ${client.escapeLiteral(passwordVerifier(password))}`);
}
