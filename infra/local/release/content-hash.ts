import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";

/**
 * The first 12 hexadecimal digits of the SHA-256 over names and contents of all files of a folder but those named in
 * `without`. Throws when there is none.
 */
export function contentHash(folder: string, without: readonly string[] = []): string {
  const hash = createHash("sha256");
  for (const file of filesOf(folder)) {
    if (without.includes(relative(folder, file))) continue;
    const content = readFileSync(file);
    hash.update(`${relative(folder, file)}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex").slice(0, 12);
}

/** All files below a folder, sorted, so that the order of a listing does not matter. */
export function filesOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}
