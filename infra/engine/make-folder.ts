import { existsSync } from "node:fs";
import { access, constants, mkdir, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";

/**
 * Makes a folder and those on the way to it that are missing. Node's own `recursive` never ends below a file system that lets
 * nothing be made and calls that ENOENT, as /proc does (it makes the parent, which is there, and tries again).
 */
export async function makeFolder(path: string, mode: number): Promise<void> {
  const missing: string[] = [];
  for (let at = resolve(path); !existsSync(at) && at !== dirname(at); at = dirname(at)) missing.unshift(at);
  for (const folder of missing) {
    await mkdir(folder, { mode }).catch((error: NodeJS.ErrnoException) => {
      // Another process was quicker.
      if (error.code !== "EEXIST") throw error;
    });
  }
}

/** The folder itself, or the nearest above it that there is: where it would be made. Throws what forbids to write there. */
export async function requireWritableFolder(path: string): Promise<string> {
  let at = resolve(path);
  while (!existsSync(at) && at !== dirname(at)) at = dirname(at);
  if (!(await stat(at)).isDirectory()) throw new Error(`${at} is no folder`);
  await access(at, constants.W_OK | constants.X_OK);
  return at;
}
