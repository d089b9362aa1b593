import { open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { cachedFile, cdnCodings, cdnZones, type CdnZone } from "../cdn/zones.ts";

/**
 * Makes nginx forget what it holds for these paths, as CloudFront's invalidations name them: a path, or the beginning of
 * paths with a star behind it. Gives the number of answers that were forgotten.
 */
export async function purgeCache(cache: string, paths: readonly string[]): Promise<number> {
  const starts = paths.filter((path) => path.endsWith("*")).map((path) => path.slice(0, -1));
  const zones = cdnZones.filter(({ pathStart }) => starts.some((start) => overlap(start, pathStart)));
  const whole = (await Promise.all(zones.map((zone) => filesOf(join(cache, zone.name))))).flat();
  const single = paths.filter((path) => !path.endsWith("*")).flatMap((path) => filesFor(cache, path, zones));
  let forgotten = 0;
  for (const file of [...whole, ...single]) if (await forget(file)) forgotten += 1;
  return forgotten;
}

/** More may be forgotten than was named, never less: lists are kept under whole addresses, so they go together. */
function overlap(start: string, pathStart: string): boolean {
  return start.startsWith(pathStart) || pathStart.startsWith(start);
}

function filesFor(cache: string, path: string, done: readonly CdnZone[]): readonly string[] {
  return cdnZones
    .filter((zone) => !done.includes(zone))
    .flatMap((zone) => cdnCodings.map((coding) => cachedFile(cache, zone.name, `${path}|${coding}`)));
}

async function filesOf(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile() && /^[0-9a-f]{32}$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

/**
 * A file of another format version is none to nginx, which replaces it at the next request. A file that was removed
 * instead would be missed when it is evicted, with a critical line in the log for each.
 */
async function forget(path: string): Promise<boolean> {
  try {
    const file = await open(path, "r+");
    try {
      await file.write(Buffer.alloc(8), 0, 8, 0);
    } finally {
      await file.close();
    }
    return true;
  } catch {
    return false;
  }
}
