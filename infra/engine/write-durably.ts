import { randomUUID } from "node:crypto";
import { open, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { makeFolder } from "./make-folder.ts";

const draftEnd = ".tmp";

/** Writes a file so that after a crash either the old content is there or the new one, never a part (mode 600). */
export async function writeDurably(file: string, content: string): Promise<void> {
  await makeFolder(dirname(file), 0o700);
  const fresh = `${file}.${randomUUID()}${draftEnd}`;
  try {
    const handle = await open(fresh, "wx", 0o600);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(fresh, file);
  } catch (error) {
    await rm(fresh, { force: true });
    throw error;
  }
  // The rename itself must reach the disk too.
  await sync(dirname(file));
}

/**
 * Gives a finished file, or a folder with all that is in it, its name: what stands under that name after a power cut is
 * whole. A rename alone would not do, for it can reach the disk before the content does.
 */
export async function renameDurably(draft: string, target: string): Promise<void> {
  await syncTree(draft);
  await rename(draft, target);
  await sync(dirname(target));
}

/** Removes what killed processes had not written to its end in a folder; for whoever knows that nobody writes there now. */
export async function removeDrafts(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  const drafts = names.filter((name) => name.endsWith(draftEnd));
  await Promise.all(drafts.map((name) => rm(join(folder, name), { force: true })));
}

/** Writes a file, or a folder with all that is in it, to the disk. */
export async function syncTree(path: string): Promise<void> {
  const isFolder = (await stat(path)).isDirectory();
  for (const entry of isFolder ? await readdir(path, { withFileTypes: true, recursive: true }) : []) {
    if (entry.isFile() || entry.isDirectory()) await sync(join(entry.parentPath, entry.name));
  }
  await sync(path);
}

/** Of a folder it writes the names that are in it. */
async function sync(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
