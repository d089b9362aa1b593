import { HostError } from "../host/host-error.ts";
import { osUser } from "../host/os-users.ts";
import { program } from "../host/programs.ts";
import { runCommand } from "../host/run-command.ts";
import type { PoolerTarget } from "../pgbouncer/pooler-console.ts";
import { withPause } from "../pgbouncer/with-pause.ts";
import type { AdminTarget } from "../postgres/admin-connection.ts";
import { asAdmin } from "../postgres/admin-connection.ts";
import { hasStatementStatistics } from "../postgres/statement-statistics.ts";
import { prepareDatabase, restrictDatabase } from "../postgres/shop-database.ts";
import { migrateBy } from "../release/shop-release.ts";
import type { BackupFile } from "./backup-files.ts";
import { backupPath } from "./backup-files.ts";
import { requireSpace } from "./disk-space.ts";
import { freshDatabase, grantConnect, oldDatabase, swapDatabases } from "./swap-databases.ts";
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
  /** Release whose migrations bring the restored schema to what the running shop expects. */
  readonly releaseFolder: string;
  /** Makes the shop forget what it remembers of the database that was swapped out. */
  readonly forgetCaches: () => Promise<void>;
}

const restoreTimeoutMs = 3_600_000;

/**
 * Fills a database beside the running one and swaps the two by name, so that the shop is without one for a moment only.
 * The safety backup is made of the one swapped out: it has every row up to the swap, and nobody waits for it.
 */
export async function restoreDump(
  request: RestoreRequest,
): Promise<{ readonly safetyBackup: BackupFile; readonly changes: readonly TableChange[] }> {
  const { database, pooler, folder, id } = request;
  await finishRestore(request);
  await requireSpace(database, folder);
  await fill(database, backupPath(folder, id));
  await migrateBy(request.releaseFolder, { target: database, database: freshDatabase });
  await asAdmin(database, freshDatabase, (client) => client.query("analyze"));
  const after = await rowCounts(database, freshDatabase);
  try {
    await withPause(pooler, () => swapDatabases(database));
  } catch (error) {
    if (!(await exists(database, oldDatabase))) throw error;
    throw afterSwap(error, id);
  }
  try {
    await request.forgetCaches();
    const before = await rowCounts(database, oldDatabase);
    const safetyBackup = await takeBackup(database, folder, "safety", oldDatabase);
    await drop(database, oldDatabase);
    return { safetyBackup, changes: compare(before, after) };
  } catch (error) {
    throw afterSwap(error, id);
  }
}

/**
 * Ends what a killed restore began: lets the shop in again, and drops a half-filled database or, after its swap, makes
 * the safety backup of the one swapped out. Gives that backup; undefined when there was none to make.
 */
export async function finishRestore(
  request: Pick<RestoreRequest, "database" | "folder" | "forgetCaches">,
): Promise<BackupFile | undefined> {
  const { database, folder } = request;
  // Killed in its creation an environment has no database yet.
  if (await exists(database, "shop")) await asAdmin(database, "postgres", grantConnect);
  let safetyBackup: BackupFile | undefined;
  if (await exists(database, oldDatabase)) {
    await request.forgetCaches();
    safetyBackup = await takeBackup(database, folder, "safety", oldDatabase);
  }
  await drop(database, oldDatabase);
  await drop(database, freshDatabase);
  return safetyBackup;
}

function afterSwap(cause: unknown, id: string): HostError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new HostError(
    "command-failed",
    `${id} is restored and serves; the data before it is in database ${oldDatabase} and has no safety backup yet: \`shopctl recover\` makes it. What failed: ${reason}`,
    { cause },
  );
}

async function exists(database: AdminTarget, name: string): Promise<boolean> {
  const found = await asAdmin(database, "postgres", (client) =>
    client.query("select 1 from pg_database where datname = $1", [name]),
  );
  return found.rowCount !== 0;
}

async function drop(database: AdminTarget, name: string): Promise<void> {
  await asAdmin(database, "postgres", (client) => client.query(`drop database if exists ${name} with (force)`));
}

async function fill(database: AdminTarget, dump: string): Promise<void> {
  await asAdmin(database, "postgres", async (client) => {
    await client.query(`create database ${freshDatabase}`);
    await restrictDatabase(client, freshDatabase);
  });
  await runCommand(
    program("pg_restore"),
    [
      "--exit-on-error",
      "--single-transaction",
      `--host=${database.sockets}`,
      `--port=${database.port}`,
      "--username=postgres",
      `--dbname=${freshDatabase}`,
      dump,
    ],
    { user: osUser("postgres"), timeoutMs: restoreTimeoutMs, endsWithUs: true },
  );
  await prepareDatabase(database, freshDatabase, hasStatementStatistics());
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
