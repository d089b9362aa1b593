import { readdirSync, statSync } from "node:fs";
import { open } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterEach, vi } from "vitest";

/**
 * Notes which files and folders are written to the disk from now on, until the test ends; they are, too. The answer says which of
 * a file or folder, what is in it and the folder it is in were not since: those a power cut may empty.
 */
export async function watchSyncs(): Promise<(path: string) => string[]> {
  const synced = new Set<number>();
  const handle = await open("/dev/null");
  const prototype = Object.getPrototypeOf(handle) as typeof handle;
  await handle.close();
  const sync = Object.getOwnPropertyDescriptor(prototype, "sync")?.value as (this: typeof handle) => Promise<void>;
  vi.spyOn(prototype, "sync").mockImplementation(async function (this: typeof handle) {
    synced.add((await this.stat()).ino);
    await sync.call(this);
  });
  return (path) => [dirname(path), ...within(path)].filter((each) => !synced.has(statSync(each).ino));
}

afterEach(() => vi.restoreAllMocks());

function within(path: string): readonly string[] {
  if (!statSync(path).isDirectory()) return [path];
  return [path, ...readdirSync(path, { recursive: true, encoding: "utf8" }).map((name) => join(path, name))];
}
