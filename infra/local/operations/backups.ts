import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "../../environment/environment.ts";
import { findBackups } from "../backup/backup-files.ts";
import type { BackupFile } from "../backup/backup-files.ts";
import { restoreDump } from "../backup/restore-dump.ts";
import type { TableChange } from "../backup/restore-dump.ts";
import { takeBackup } from "../backup/take-backup.ts";
import { componentPlaces, processNames } from "../layout.ts";
import type { AdminTarget } from "../postgres/admin-connection.ts";
import { answers } from "../postgres/admin-connection.ts";
import { OperationError } from "./operation-error.ts";

export interface Restoration {
  readonly restored: BackupFile;
  /** Backup of what was there just before; restoring it undoes the restoration. */
  readonly safetyBackup: BackupFile;
  /** Tables whose number of rows differs: what came after the backup is gone. */
  readonly changes: readonly TableChange[];
}

/** Backups of an environment, newest first. */
export async function listBackups(environment: Environment): Promise<readonly BackupFile[]> {
  return findBackups(environment.paths.backups);
}

/** Takes a backup now, beside the traffic. Throws OperationError `backups-not-in-plan | not-running`. */
export async function createBackup(environment: Environment): Promise<BackupFile> {
  await requireBackups(environment);
  return takeBackup(databaseOf(environment), environment.paths.backups, "manual");
}

/**
 * Puts the database back to a backup, after a safety backup of what is there now. Behind a pooler queries wait for the
 * swap; without one those of its second fail. Throws OperationError `unknown-backup | backups-not-in-plan | not-running`.
 */
export async function restoreBackup(environment: Environment, id: string): Promise<Restoration> {
  await requireBackups(environment);
  const restored = (await listBackups(environment)).find((backup) => backup.id === id);
  if (restored === undefined) {
    throw new OperationError(
      "unknown-backup",
      `environment ${environment.name} has no backup ${id}; \`shopctl backup list --env ${environment.name}\` shows those that there are`,
    );
  }
  const { paths, ports } = environment;
  const database = databaseOf(environment);
  const pooler = { sockets: componentPlaces(paths).pgbouncer.sockets, port: ports.pgbouncer };
  const { safetyBackup, changes } = await restoreDump({ database, pooler, folder: paths.backups, id });
  return { restored, safetyBackup, changes };
}

/** Backups come with the paid plan; what says that it is in force is its schedule. */
async function requireBackups(environment: Environment): Promise<void> {
  if (!existsSync(join(environment.paths.services, processNames.backupSchedule))) {
    throw new OperationError(
      "backups-not-in-plan",
      `the database plan of environment ${environment.name} has no backups; the step database-paid brings them: \`shopctl scale plan --step database-paid --env ${environment.name}\``,
    );
  }
  if (!(await answers(databaseOf(environment)))) {
    throw new OperationError(
      "not-running",
      `the database of environment ${environment.name} does not answer; \`shopctl logs postgres --env ${environment.name}\` says why`,
    );
  }
}

function databaseOf({ paths, ports }: Environment): AdminTarget {
  return { sockets: componentPlaces(paths).postgres.sockets, port: ports.postgres };
}
