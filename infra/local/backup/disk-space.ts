import { statfs } from "node:fs/promises";
import { HostError } from "../host/host-error.ts";
import { databaseBytes, notedBytes } from "./database-size.ts";
import type { AdminTarget } from "../postgres/admin-connection.ts";

const bytesPerGiB = 1_073_741_824;
/** max_wal_size of each server. */
const logBytes = bytesPerGiB / 2;

interface RestorePlace {
  readonly database: AdminTarget;
  readonly standbys: readonly AdminTarget[];
  /** Folder and id of the backup. */
  readonly folder: string;
  readonly id: string;
}

/**
 * Throws HostError `refused` when the restored database and the safety backup would not fit on the disk. A backup that does
 * not say how large its database was is taken for as large as today's.
 */
export async function requireSpace({ database, standbys, folder, id }: RestorePlace): Promise<void> {
  const replacedBytes = await databaseBytes(database, "shop");
  const restoredBytes = (await notedBytes(folder, id)) ?? replacedBytes;
  const { bavail, bsize } = await statfs(folder);
  const problem = lackOfSpace({ restoredBytes, replacedBytes, servers: 1 + standbys.length }, bavail * bsize);
  if (problem !== undefined) throw new HostError("refused", `${problem} on the disk of ${folder}; nothing was changed`);
}

/**
 * Why a restore does not fit, or undefined. Every server, and all are on this disk, gets a copy of what is restored and its
 * log; the safety backup is made once and is smaller than what it is of.
 */
export function lackOfSpace(
  {
    restoredBytes,
    replacedBytes,
    servers,
  }: { readonly restoredBytes: number; readonly replacedBytes: number; readonly servers: number },
  freeBytes: number,
): string | undefined {
  const neededBytes = servers * (restoredBytes + logBytes) + replacedBytes;
  if (freeBytes >= neededBytes) return undefined;
  const gib = (bytes: number): string => (bytes / bytesPerGiB).toFixed(1);
  return `a restore needs ${gib(neededBytes)} GiB beside the running database, ${gib(freeBytes)} GiB are free`;
}
