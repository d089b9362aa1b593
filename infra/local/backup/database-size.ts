import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { asAdmin, type AdminTarget } from "../postgres/admin-connection.ts";

/** Bytes that a database takes on the disk, its indexes and dead rows with it. */
export async function databaseBytes(target: AdminTarget, database: string): Promise<number> {
  return asAdmin(target, "postgres", async (client) => {
    const { rows } = await client.query<{ bytes: number }>("select pg_database_size($1)::float8 as bytes", [database]);
    return rows[0]?.bytes ?? 0;
  });
}

/** A dump's own size tells little of what it takes restored: how large its database was lies beside it. */
function noteOf(folder: string, id: string): string {
  return join(folder, `${id}.bytes`);
}

export async function noteBytes(folder: string, id: string, bytes: number): Promise<void> {
  await writeFile(noteOf(folder, id), `${bytes}\n`);
}

/** The noted size of a backup's database; undefined for backups from before it was noted. */
export async function notedBytes(folder: string, id: string): Promise<number | undefined> {
  const noted = Number(await readFile(noteOf(folder, id), "utf8").catch(() => ""));
  return noted > 0 ? noted : undefined;
}

export async function removeNote(folder: string, id: string): Promise<void> {
  await rm(noteOf(folder, id), { force: true });
}
