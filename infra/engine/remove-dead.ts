import { readFile, rm } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { linkFile } from "./link-file.ts";

/** What another process needs to take a dead holder's lock over. */
const takeoverMs = 20;

/** A lock that was found held by nobody who lives. */
export interface DeadLock {
  readonly file: string;
  /** What it held when that was found. */
  readonly content: string;
  readonly isDead: (content: string) => Promise<boolean>;
}

/**
 * Removes a dead holder's lock; false when it changed hands meanwhile, or another process is about to remove it. Only
 * whoever holds the guard beside it may remove it: between reading a lock and removing it another process may have taken
 * it over, and that one's must stay; whoever finds it held waits a moment. A guard, which names its holder by `own`, goes the
 * same way when that one died.
 */
export async function removeDead({ file, content, isDead }: DeadLock, own: string): Promise<boolean> {
  const guard = `${file}.takeover`;
  if (!(await linkFile(guard, own))) {
    const other = await contentOf(guard);
    if (other !== undefined && (await isDead(other))) await removeDead({ file: guard, content: other, isDead }, own);
    else await delay(takeoverMs);
    return false;
  }
  try {
    if ((await contentOf(file)) !== content) return false;
    await rm(file, { force: true });
    return true;
  } finally {
    await rm(guard, { force: true });
  }
}

/** Undefined where there is no such file. */
export async function contentOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
