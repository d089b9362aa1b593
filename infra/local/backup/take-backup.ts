import { rm } from "node:fs/promises";
import { renameDurably } from "../../engine/write-durably.ts";
import { osUser } from "../host/os-users.ts";
import { program } from "../host/programs.ts";
import { runCommand } from "../host/run-command.ts";
import type { AdminTarget } from "../postgres/admin-connection.ts";
import type { BackupFile, BackupKind } from "./backup-files.ts";
import { databaseBytes, noteBytes, removeNote } from "./database-size.ts";
import { backupId, backupPath, draftPath, findBackups, surplus, sweepDrafts } from "./backup-files.ts";

const dumpTimeoutMs = 3_600_000;

/** Dumps a database, in one consistent snapshot beside its traffic, and removes backups that are too many. */
export async function takeBackup(
  target: AdminTarget,
  folder: string,
  kind: BackupKind,
  database = "shop",
): Promise<BackupFile> {
  const id = await nextId(folder, kind);
  const draft = draftPath(folder, id);
  await sweepDrafts(folder, Date.now());
  const bytes = await databaseBytes(target, database);
  try {
    await runCommand(
      program("pg_dump"),
      [
        "--format=custom",
        "--compress=6",
        `--file=${draft}`,
        `--host=${target.sockets}`,
        `--port=${target.port}`,
        "--username=postgres",
        database,
      ],
      { user: osUser("postgres"), timeoutMs: dumpTimeoutMs, endsWithUs: true },
    );
    // A backup that a power cut can empty is none.
    await renameDurably(draft, backupPath(folder, id));
    await noteBytes(folder, id, bytes);
  } finally {
    await rm(draft, { force: true });
  }
  const files = await findBackups(folder);
  for (const old of surplus(files, Date.now())) {
    await removeNote(folder, old.id);
    await rm(backupPath(folder, old.id), { force: true });
  }
  const made = files.find((file) => file.id === id);
  if (made === undefined) throw new Error(`${backupPath(folder, id)} is not there although it was just written`);
  return made;
}

/** Ids have seconds; one made in the same second as the newest gets the next one, so that order and ids agree. */
async function nextId(folder: string, kind: BackupKind): Promise<string> {
  const newest = (await findBackups(folder)).find((file) => file.kind === kind);
  const earliest = newest === undefined ? 0 : Date.parse(newest.at) + 1_000;
  return backupId(kind, new Date(Math.max(Date.now(), earliest)));
}
