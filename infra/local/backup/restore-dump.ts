import type pg from "pg";
import { osUser } from "../host/os-users.ts";
import { program } from "../host/programs.ts";
import { runCommand } from "../host/run-command.ts";
import type { PoolerTarget } from "../pgbouncer/pooler-console.ts";
import { withPause } from "../pgbouncer/with-pause.ts";
import type { AdminTarget } from "../postgres/admin-connection.ts";
import { asAdmin } from "../postgres/admin-connection.ts";
import { hasStatementStatistics } from "../postgres/statement-statistics.ts";
import { prepareDatabase, restrictDatabase } from "../postgres/shop-database.ts";
import type { BackupFile } from "./backup-files.ts";
import { backupPath } from "./backup-files.ts";
import { takeBackup } from "./take-backup.ts";

export interface TableChange {
  readonly table: string;
  readonly rowsBefore: number;
  readonly rowsAfter: number;
}

export interface RestoreRequest {
  readonly database: AdminTarget;
  readonly pooler: PoolerTarget;
  readonly folder: string;
  readonly id: string;
}

/** Name of the database that a restore fills before it is swapped in. */
const fresh = "shop_restoring";
/** Name of the one swapped out, until its safety backup is made. */
const old = "shop_replaced";
const restoreTimeoutMs = 3_600_000;

/**
 * Fills a database beside the running one and swaps the two by name, so that the shop is without one for a moment only.
 * The safety backup is made of the one swapped out: it has every row up to the swap, and nobody waits for it.
 */
export async function restoreDump(
  request: RestoreRequest,
): Promise<{ readonly safetyBackup: BackupFile; readonly changes: readonly TableChange[] }> {
  const { database, pooler, folder, id } = request;
  await finishKilledRestore(database, folder);
  await fill(database, backupPath(folder, id));
  const after = await rowCounts(database, fresh);
  await withPause(pooler, () => asAdmin(database, "postgres", swap));
  const before = await rowCounts(database, old);
  const safetyBackup = await takeBackup(database, folder, "safety", old);
  await drop(database, old);
  return { safetyBackup, changes: compare(before, after) };
}

/** What a killed restore left: a half-filled database, or, after its swap, the one that still lacks its safety backup. */
async function finishKilledRestore(database: AdminTarget, folder: string): Promise<void> {
  const found = await asAdmin(database, "postgres", (client) =>
    client.query("select 1 from pg_database where datname = $1", [old]),
  );
  if (found.rowCount !== 0) await takeBackup(database, folder, "safety", old);
  await drop(database, old);
  await drop(database, fresh);
}

async function drop(database: AdminTarget, name: typeof fresh | typeof old): Promise<void> {
  await asAdmin(database, "postgres", (client) => client.query(`drop database if exists ${name} with (force)`));
}

async function fill(database: AdminTarget, dump: string): Promise<void> {
  await asAdmin(database, "postgres", async (client) => {
    await client.query(`create database ${fresh}`);
    await restrictDatabase(client, fresh);
  });
  await runCommand(
    program("pg_restore"),
    [
      "--exit-on-error",
      "--single-transaction",
      `--host=${database.sockets}`,
      `--port=${database.port}`,
      "--username=postgres",
      `--dbname=${fresh}`,
      dump,
    ],
    { user: osUser("postgres"), timeoutMs: restoreTimeoutMs },
  );
  await prepareDatabase(database, fresh, hasStatementStatistics());
  await asAdmin(database, fresh, (client) => client.query("analyze"));
}

/** Both names change in one transaction: there is a database `shop` at any time. */
async function swap(client: pg.Client): Promise<void> {
  // Sessions that go round the pooler would otherwise come back before the names have changed.
  await client.query("revoke connect on database shop from shop, pooler");
  try {
    await client.query(
      "select pg_terminate_backend(pid, 1000) from pg_stat_activity where datname in ('shop', $1) and pid <> pg_backend_pid()",
      [fresh],
    );
    await client.query("begin");
    await client.query(`alter database shop rename to ${old}`);
    await client.query(`alter database ${fresh} rename to shop`);
    await client.query("commit");
  } finally {
    await client.query("rollback");
    // The fresh one has these rights already; the old one gets them back when the swap failed.
    await client.query("grant connect on database shop to shop, pooler");
  }
}

async function rowCounts(database: AdminTarget, name: string): Promise<ReadonlyMap<string, number>> {
  return asAdmin(database, name, async (client) => {
    const tables = await client.query<{ name: string }>(
      "select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'",
    );
    const counts = new Map<string, number>();
    for (const table of tables.rows) {
      const found = await client.query<{ rows: string }>(
        `select count(*) as rows from public.${client.escapeIdentifier(table.name)}`,
      );
      counts.set(table.name, Number(found.rows[0]?.rows));
    }
    return counts;
  });
}

function compare(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): TableChange[] {
  return [...new Set([...before.keys(), ...after.keys()])]
    .toSorted()
    .map((table) => ({ table, rowsBefore: before.get(table) ?? 0, rowsAfter: after.get(table) ?? 0 }))
    .filter(({ rowsBefore, rowsAfter }) => rowsBefore !== rowsAfter);
}
