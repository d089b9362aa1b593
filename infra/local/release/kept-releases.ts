import { existsSync } from "node:fs";
import { readdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { removeRelease } from "./install-release.ts";

/** Marks a release that nothing runs and that is kept for a way back; its age decides which goes first. */
function keptFile(releases: string, hash: string): string {
  return join(releases, `.kept-${hash}`);
}

/** Keeps a release that nothing runs any more, or not yet, and removes the oldest kept ones beyond `most`. */
export async function keepRelease(releases: string, hash: string, most: number): Promise<void> {
  await writeFile(keptFile(releases, hash), "");
  const kept = await Promise.all(
    (await keptReleases(releases)).map(async (name) => ({
      name,
      since: (await stat(keptFile(releases, name))).mtimeMs,
    })),
  );
  const oldest = kept.toSorted((a, b) => b.since - a.since).slice(most);
  for (const { name } of oldest) {
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

async function keptReleases(releases: string): Promise<readonly string[]> {
  const prefix = ".kept-";
  return (await readdir(releases)).filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
}
