import { existsSync } from "node:fs";
import { join } from "node:path";
import type { LocalEnvironment } from "../../environment/environment.ts";
import { findBackups } from "../backup/backup-files.ts";
import type { BackupFile } from "../backup/backup-files.ts";
import { finishRestore as finishKilled, restoreDump } from "../backup/restore-dump.ts";
import { freshDatabase, oldDatabase } from "../backup/swap-databases.ts";
import type { TableChange } from "../backup/table-changes.ts";
import { takeBackup } from "../backup/take-backup.ts";
import { poll } from "../host/poll.ts";
import { componentPlaces, processNames } from "../layout.ts";
import type { AdminTarget } from "../postgres/admin-connection.ts";
import { answers, asAdmin } from "../postgres/admin-connection.ts";
import { findShopRelease } from "../release/shop-release.ts";
import { serverOf } from "../replication/database-server.ts";
import { readRoles, standbysOf } from "../replication/server-roles.ts";
import { forgetCaches } from "./forget-caches.ts";
import { OperationError } from "../../operation-error.ts";

/** Recovery after a crash of the machine comes first. */
const startTimeoutMs = 60_000;

export interface Restoration {
  readonly restored: BackupFile;
  /** Backup of what was there just before; restoring it undoes the restoration. */
  readonly safetyBackup: BackupFile;
  /** Tables whose number of rows differs: what came after the backup is gone. */
  readonly changes: readonly TableChange[];
}

/** Backups of an environment, newest first. */
export async function listBackups(environment: LocalEnvironment): Promise<readonly BackupFile[]> {
  return findBackups(environment.paths.backups);
}

/** Takes a backup now, beside the traffic. Throws OperationError `backups-not-in-plan | not-running`. */
export async function createBackup(environment: LocalEnvironment): Promise<BackupFile> {
  await requireBackups(environment);
  return takeBackup(databaseOf(environment), environment.paths.backups, "manual");
}

/**
 * Puts the database back to a backup, after a safety backup of what is there now. Behind a pooler queries wait for the
 * swap; without one those of its second fail. Throws OperationError `unknown-backup | backups-not-in-plan | not-running`.
 */
export async function restoreBackup(environment: LocalEnvironment, id: string): Promise<Restoration> {
  await requireBackups(environment);
  const restored = (await listBackups(environment)).find((backup) => backup.id === id);
  if (restored === undefined) {
    throw new OperationError(
      "unknown-backup",
      `environment ${environment.name} has no backup ${id}; \`shopctl backup list --env ${environment.name}\` shows those that there are`,
    );
  }
  const { paths, ports } = environment;
  const pooler = { sockets: componentPlaces(paths).pgbouncer.sockets, port: ports.pgbouncer };
  const releaseFolder = findShopRelease(paths.releases);
  if (releaseFolder === undefined)
    throw new OperationError("not-running", `no release of the shop is installed in ${paths.releases}`);
  // What says that partitions are in force is the schedule that keeps them ahead of the time.
  const partitioning = existsSync(join(paths.services, processNames.partitionSchedule)) ? "partitioned" : "none";
  const request = { ...unfinishedIn(environment), pooler, id, releaseFolder, partitioning } as const;
  const { safetyBackup, changes } = await restoreDump(request);
  return { restored, safetyBackup, changes };
}

/**
 * Ends a restore that was killed: the shop may connect again, and what was swapped out becomes the safety backup that is
 * given. Undefined when there was nothing to back up. Throws OperationError `not-running` when the database does not answer.
 */
export async function finishRestore(environment: LocalEnvironment): Promise<BackupFile | undefined> {
  if (!existsSync(join(environment.paths.services, processNames.postgres))) return undefined;
  const answered = await poll(async () => ((await answers(databaseOf(environment))) ? true : undefined), {
    timeoutMs: startTimeoutMs,
    intervalMs: 100,
  });
  if (answered === undefined) throw notRunning(environment);
  return finishKilled(unfinishedIn(environment));
}

/** Databases that a restore which was killed has left behind; none when the database does not answer. */
export async function leftByRestore(environment: LocalEnvironment): Promise<readonly string[]> {
  const found = await asAdmin(databaseOf(environment), "postgres", (client) =>
    client.query<{ name: string }>("select datname as name from pg_database where datname = any($1) order by 1", [
      [freshDatabase, oldDatabase],
    ]),
  ).catch(() => undefined);
  return (found?.rows ?? []).map(({ name }) => name);
}

function unfinishedIn(environment: LocalEnvironment): Parameters<typeof finishKilled>[0] {
  const { paths } = environment;
  const roles = readRoles(paths);
  return {
    database: databaseOf(environment),
    standbys: roles === undefined ? [] : standbysOf(roles).map((number) => serverOf(paths, roles, number).admin),
    folder: paths.backups,
    forgetCaches: () => forgetCaches(paths),
  };
}

/** Backups come with the paid plan; what says that it is in force is its schedule. */
async function requireBackups(environment: LocalEnvironment): Promise<void> {
  if (!existsSync(join(environment.paths.services, processNames.backupSchedule))) {
    throw new OperationError(
      "backups-not-in-plan",
      `the database plan of environment ${environment.name} has no backups; the step database-paid brings them: \`shopctl scale plan --step database-paid --env ${environment.name}\``,
    );
  }
  if (!(await answers(databaseOf(environment)))) throw notRunning(environment);
}

function notRunning({ name }: LocalEnvironment): OperationError {
  return new OperationError(
    "not-running",
    `the database of environment ${name} does not answer; \`shopctl logs postgres --env ${name}\` says why`,
  );
}

function databaseOf({ paths, ports }: LocalEnvironment): AdminTarget {
  return { sockets: componentPlaces(paths).postgres.sockets, port: ports.postgres };
}
