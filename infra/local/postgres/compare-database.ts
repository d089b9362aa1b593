import type pg from "pg";
import type { Difference } from "../observation/difference.ts";
import { compare } from "../observation/difference.ts";
import { answers, asAdmin, type AdminTarget } from "./admin-connection.ts";
import { verifies } from "./password-verifier.ts";
import type { RolePasswords } from "./shop-database.ts";

/** Settings that change what is written down, and nothing else. */
const harmlessSetting = /^(log_|track_|debug_|client_min_messages$|application_name$)/;
/** Settings whose value may hold a password. */
const secretSetting = /conninfo|password|passphrase|command/;

/** A running server against its plan: settings by `alter system`, roles with more than their rights, passwords, connections. */
export async function compareDatabase(
  target: AdminTarget,
  passwords: RolePasswords,
  ownSettings: Readonly<Record<string, string>> = {},
): Promise<readonly Difference[]> {
  if (!(await answers(target))) return compare("connections", "taken", "none");
  return await asAdmin(target, "postgres", async (client) => [
    ...(await compareSettings(client, ownSettings)),
    ...(await compareRoles(client, passwords)),
  ]);
}

/** Settings of a server that runs; `own` are those of its replication, which Postgres keeps like altered ones. */
export async function compareSettings(
  client: pg.Client,
  own: Readonly<Record<string, string>>,
): Promise<readonly Difference[]> {
  const altered = await client.query<{ name: string; setting: string }>(
    "select name, setting from pg_file_settings where sourcefile like '%/postgresql.auto.conf' order by name",
  );
  const waiting = await client.query<{ name: string }>(
    "select name from pg_settings where pending_restart order by name",
  );
  return [
    ...Object.entries(own).flatMap(([name, value]) => {
      const found = altered.rows.find((row) => row.name === name);
      return found?.setting === value ? [] : compare(`setting ${name}`, "as its role needs it", "another value");
    }),
    ...altered.rows
      .filter(({ name }) => !(name in own))
      .map(({ name, setting }): Difference => ({
        what: `setting ${name}`,
        expected: "as in postgresql.conf",
        found: `${secretSetting.test(name) ? "another value" : setting} by alter system`,
        harm: harmlessSetting.test(name) ? "harmless" : "serious",
      })),
    ...waiting.rows.flatMap(({ name }) => compare(`setting ${name}`, "in force", "waits for a restart")),
  ];
}

async function compareRoles(client: pg.Client, passwords: RolePasswords): Promise<readonly Difference[]> {
  const found = await client.query<{
    role: "shop" | "pooler";
    rights: string;
    member: string;
    verifier: string | null;
  }>(`
    select rolname as role, rolpassword as verifier,
           concat_ws(', ', case when rolsuper then 'superuser' end, case when rolcreaterole then 'createrole' end,
                     case when rolcreatedb then 'createdb' end, case when rolreplication then 'replication' end,
                     case when rolbypassrls then 'bypassrls' end, case when not rolcanlogin then 'no login' end) as rights,
           (select coalesce(string_agg(roleid::regrole::text, ', ' order by 1), '')
              from pg_auth_members where member = role.oid) as member
      from pg_authid role where rolname in ('shop', 'pooler') order by rolname`);
  const open = await client.query<{ open: boolean }>(
    "select has_database_privilege('public', oid, 'connect') as open from pg_database where datname = 'shop'",
  );
  return [
    ...compare("roles", "pooler, shop", found.rows.map(({ role }) => role).join(", ")),
    ...found.rows.flatMap(({ role, rights, member, verifier }) => [
      ...compare(`role ${role}`, "no special rights", rights === "" ? "no special rights" : rights),
      ...compare(`role ${role}`, "member of no other", member === "" ? "member of no other" : `member of ${member}`),
      ...compare(`password of ${role}`, "as set", verifies(verifier ?? "", passwords[role]) ? "as set" : "another"),
    ]),
    ...compare(
      "database shop",
      "open to its roles",
      open.rows[0]?.open === true ? "open to everybody" : "open to its roles",
    ),
  ];
}
