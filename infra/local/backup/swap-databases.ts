import type pg from "pg";
import type { AdminTarget } from "../postgres/admin-connection.ts";
import { asAdmin } from "../postgres/admin-connection.ts";

/** Name of the database that a restore fills before it is swapped in. */
export const freshDatabase = "shop_restoring";
/** Name of the one swapped out, until its safety backup is made. */
export const oldDatabase = "shop_replaced";

/**
 * Puts the fresh database in the place of the shop's. Both names change in one transaction: there is a database `shop` at
 * any time. No id that the old one has given may be given again: somebody's session or link may still name it.
 */
export async function swapDatabases(target: AdminTarget): Promise<void> {
  await asAdmin(target, "postgres", async (client) => {
    const roles = await connectRoles(client);
    // Given before it is taken, so that a swap that is killed forgets nobody.
    await client.query(`grant connect on database ${freshDatabase} to ${roles}`);
    // Sessions that go round the pooler would otherwise come back before the names have changed.
    await client.query(`revoke connect on database shop from ${roles}`);
    try {
      await client.query(
        "select pg_terminate_backend(pid, 1000) from pg_stat_activity where datname in ('shop', $1) and pid <> pg_backend_pid()",
        [freshDatabase],
      );
      await raiseSequences(target);
      await client.query("begin");
      await client.query(`alter database shop rename to ${oldDatabase}`);
      await client.query(`alter database ${freshDatabase} rename to shop`);
      await client.query("commit");
    } finally {
      await client.query("rollback");
      // The fresh one has these rights already; the old one gets them back when the swap failed.
      await grantConnect(client);
    }
  });
}

/** Lets everybody into the shop's database again whom a swap that was killed has shut out. */
export async function grantConnect(client: pg.Client): Promise<void> {
  await client.query(`grant connect on database shop to ${await connectRoles(client)}`);
}

/** Who may connect, the exporter of statistics too, as a list in SQL; during a swap only the fresh database knows it. */
async function connectRoles(client: pg.Client): Promise<string> {
  const found = await client.query<{ role: string }>(
    `select grantee::regrole::text as role from pg_database, aclexplode(datacl)
      where datname = any($1) and privilege_type = 'CONNECT' and grantee not in (0, datdba)`,
    [["shop", freshDatabase]],
  );
  return [...new Set(["shop", "pooler", ...found.rows.map(({ role }) => role)])].join(", ");
}

/** Brings every sequence of the fresh database to at least the value of its namesake in the shop's. */
async function raiseSequences(target: AdminTarget): Promise<void> {
  const given = await asAdmin(target, "shop", sequences);
  await asAdmin(target, freshDatabase, async (client) => {
    const here = new Map((await sequences(client)).map(({ name, last }) => [name, last]));
    for (const { name, last } of given) {
      const own = here.get(name);
      if (last === null || own === undefined || (own !== null && BigInt(own) >= BigInt(last))) continue;
      await client.query("select setval(format('public.%I', $1::text)::regclass, $2)", [name, last]);
    }
  });
}

async function sequences(
  client: pg.Client,
): Promise<readonly { readonly name: string; readonly last: string | null }[]> {
  const found = await client.query<{ name: string; last: string | null }>(
    "select sequencename as name, last_value as last from pg_sequences where schemaname = 'public'",
  );
  return found.rows;
}
