import { existsSync } from "node:fs";
import { readdir, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { removeRelease } from "./install-release.ts";

/** Marks a release that nothing runs and that is kept for a way back; the time of its change decides which goes first. */
function keptFile(releases: string, hash: string): string {
  return join(releases, `.kept-${hash}`);
}

/** Keeps a release that nothing runs any more, or not yet, and removes the oldest kept ones beyond `most`. */
export async function keepRelease(releases: string, hash: string, most: number): Promise<void> {
  const last = (await newestFirst(releases)).find(({ name }) => name !== hash);
  // The one that ran until now is what the way back needs: it is the newest, also when the clock was set back.
  const sinceMs = Math.max(Date.now(), (last?.sinceMs ?? 0) + 1);
  await writeFile(keptFile(releases, hash), "");
  await utimes(keptFile(releases, hash), sinceMs / 1_000, sinceMs / 1_000);
  for (const { name } of (await newestFirst(releases)).slice(most)) {
    await removeRelease(releases, name);
    await releaseTaken(releases, name);
  }
}

/** A resource stands for it from now on. */
export async function releaseTaken(releases: string, hash: string): Promise<void> {
  await rm(keptFile(releases, hash), { force: true });
}

/** Whether a release is kept on purpose although no resource stands for it. */
export function isKept(releases: string, hash: string): boolean {
  return existsSync(keptFile(releases, hash));
}

async function newestFirst(releases: string): Promise<readonly { readonly name: string; readonly sinceMs: number }[]> {
  const prefix = ".kept-";
  const names = (await readdir(releases)).filter((name) => name.startsWith(prefix));
  const kept = await Promise.all(
    names.map(async (name) => ({
      name: name.slice(prefix.length),
      sinceMs: (await stat(join(releases, name))).mtimeMs,
    })),
  );
  return kept.toSorted((a, b) => b.sinceMs - a.sinceMs);
}
