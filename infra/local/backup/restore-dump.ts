import { HostError } from "../host/host-error.ts";
import { osUser } from "../host/os-users.ts";
import { program } from "../host/programs.ts";
import { runCommand } from "../host/run-command.ts";
import type { PoolerTarget } from "../pgbouncer/pooler-console.ts";
import { withPause } from "../pgbouncer/with-pause.ts";
import type { AdminTarget } from "../postgres/admin-connection.ts";
import { asAdmin } from "../postgres/admin-connection.ts";
import { isLaidOut, observePartitions } from "../postgres/observe-partitions.ts";
import { hasStatementStatistics } from "../postgres/statement-statistics.ts";
import { prepareDatabase, restrictDatabase } from "../postgres/shop-database.ts";
import type { Topology } from "../../topology/topology.ts";
import { layoutTasks, runTasks } from "../release/run-task.ts";
import { migrateBy } from "../release/shop-release.ts";
import type { BackupFile } from "./backup-files.ts";
import { backupPath } from "./backup-files.ts";
import { requireSpace } from "./disk-space.ts";
import { leaveReplaced } from "./leave-replaced.ts";
import { freshDatabase, grantConnect, oldDatabase, swapDatabases } from "./swap-databases.ts";
import { compareRows, countRows, type TableChange } from "./table-changes.ts";
import { takeBackup } from "./take-backup.ts";

export interface RestoreRequest {
  readonly database: AdminTarget;
  /** The servers that follow it and may be read from. */
  readonly standbys: readonly AdminTarget[];
  readonly pooler: PoolerTarget;
  readonly folder: string;
  readonly id: string;
  /** Release whose migrations bring the restored schema to what the running shop expects. */
  readonly releaseFolder: string;
  /** How the stack has the tables that grow with every login; a backup may be from before or after that changed. */
  readonly partitioning: Topology["partitioning"];
  /** Makes the shop forget what it remembers of the database that was swapped out. */
  readonly forgetCaches: () => Promise<void>;
}

/** What of a request ends a restore that was killed. */
type UnfinishedRestore = Pick<RestoreRequest, "database" | "standbys" | "folder" | "forgetCaches">;

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
  await requireSpace(request);
  await fill(database, backupPath(folder, id));
  await migrateBy(request.releaseFolder, { target: database, database: freshDatabase });
  await layOut(request);
  await asAdmin(database, freshDatabase, (client) => client.query("analyze"));
  const after = await countRows(database, freshDatabase);
  try {
    await withPause(pooler, () => swapDatabases(database));
  } catch (error) {
    if (!(await exists(database, oldDatabase))) throw error;
    throw afterSwap(error, id);
  }
  try {
    const isLeft = await leaveBehind(request);
    const before = await countRows(database, oldDatabase);
    const safetyBackup = await keepReplaced(request, isLeft);
    return { safetyBackup, changes: compareRows(before, after) };
  } catch (error) {
    throw afterSwap(error, id);
  }
}

/**
 * Ends what a killed restore began: lets the shop in again, and drops a half-filled database or, after its swap, makes
 * the safety backup of the one swapped out. Gives that backup; undefined when there was none to make.
 */
export async function finishRestore(request: UnfinishedRestore): Promise<BackupFile | undefined> {
  const { database } = request;
  // Killed in its creation an environment has no database yet.
  if (await exists(database, "shop")) await asAdmin(database, "postgres", grantConnect);
  let safetyBackup: BackupFile | undefined;
  if (await exists(database, oldDatabase)) safetyBackup = await keepReplaced(request, await leaveBehind(request));
  await drop(database, freshDatabase);
  return safetyBackup;
}

/**
 * Lays the fresh database's tables out as the stack has them, with the months to come: sign-ins fail in a month that has
 * no partition, and nothing adds any where the stack has none.
 */
async function layOut({ database, releaseFolder, partitioning }: RestoreRequest): Promise<void> {
  if (isLaidOut(await observePartitions(database, freshDatabase), partitioning)) return;
  await runTasks(layoutTasks[partitioning], { releaseFolder, database, name: freshDatabase }, () => undefined);
}

/** Lets nobody read what was swapped out: first no replica, then no cache. False when a replica may still show it. */
async function leaveBehind({ database, standbys, forgetCaches }: UnfinishedRestore): Promise<boolean> {
  const isLeft = await leaveReplaced(database, standbys);
  await forgetCaches();
  return isLeft;
}

/** Makes the safety backup of what was swapped out and drops that, with the sessions that a late replica has in it. */
async function keepReplaced(request: UnfinishedRestore, isLeft: boolean): Promise<BackupFile> {
  const { database, folder, forgetCaches } = request;
  const safetyBackup = await takeBackup(database, folder, "safety", oldDatabase);
  await drop(database, oldDatabase);
  if (!isLeft) await forgetCaches();
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
