import { randomBytes } from "node:crypto";
import { chown, mkdir, open, rename, rm } from "node:fs/promises";
import { chmodSync } from "node:fs";
import { dirname } from "node:path";
import type { OsUser } from "./os-users.ts";
import { isRoot } from "./os-users.ts";

export interface FileOptions {
  readonly mode: number;
  readonly owner?: OsUser;
}

/** Writes a file so that readers see the old or the new content, never half of it, even after a power cut. */
export async function writeFileAtomic(path: string, content: string, options: FileOptions): Promise<void> {
  const temporary = `${path}.${randomBytes(4).toString("hex")}.tmp`;
  const file = await open(temporary, "wx", options.mode);
  try {
    await file.writeFile(content);
    await file.chmod(options.mode);
    if (options.owner !== undefined && isRoot()) await file.chown(options.owner.uid, options.owner.gid);
    await file.sync();
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}

/** Makes a folder, with its parents, and sets its mode and owner. */
export async function ensureFolder(path: string, options: FileOptions): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o755 });
  await mkdir(path, { recursive: true, mode: options.mode });
  chmodSync(path, options.mode);
  if (options.owner !== undefined && isRoot()) await chown(path, options.owner.uid, options.owner.gid);
}
