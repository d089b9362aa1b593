import { statfs } from "node:fs/promises";
import { HostError } from "../host/host-error.ts";
import type { AdminTarget } from "../postgres/admin-connection.ts";
import { asAdmin } from "../postgres/admin-connection.ts";

const bytesPerGiB = 1_073_741_824;
/** The copy, its log (max_wal_size is 0.5 GiB), and the safety backup, which is smaller than what it is of. */
const copies = 2;
const logBytes = bytesPerGiB / 2;

/** Throws HostError `refused` when a second copy of the database and its safety backup would not fit on the disk. */
export async function requireSpace(target: AdminTarget, folder: string): Promise<void> {
  const [row] = await asAdmin(target, "postgres", async (client) => {
    return (await client.query<{ size: string }>("select pg_database_size('shop') as size")).rows;
  });
  const { bavail, bsize } = await statfs(folder);
  const problem = lackOfSpace(Number(row?.size), bavail * bsize);
  if (problem !== undefined) throw new HostError("refused", `${problem} on the disk of ${folder}; nothing was changed`);
}

/** Why a restore does not fit, or undefined. */
export function lackOfSpace(databaseBytes: number, freeBytes: number): string | undefined {
  const neededBytes = databaseBytes * copies + logBytes;
  if (freeBytes >= neededBytes) return undefined;
  const gib = (bytes: number): string => (bytes / bytesPerGiB).toFixed(1);
  return `a restore needs ${gib(neededBytes)} GiB beside the running database, ${gib(freeBytes)} GiB are free`;
}
