import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** The migrations of a build, in the order in which they are run. */
export async function readMigrations(
  release: string,
): Promise<readonly { readonly name: string; readonly sql: string }[]> {
  const folder = join(release, "migrations");
  const files = existsSync(folder) ? (await readdir(folder)).filter((file) => file.endsWith(".sql")).toSorted() : [];
  return await Promise.all(
    files.map(async (file) => ({
      name: file.slice(0, -".sql".length),
      sql: await readFile(join(folder, file), "utf8"),
    })),
  );
}
