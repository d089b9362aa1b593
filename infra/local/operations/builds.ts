import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { LocalEnvironment } from "../../environment/environment.ts";
import { installation } from "../../installation.ts";
import { contentHash } from "../release/content-hash.ts";
import { installRelease, repairRelease } from "../release/install-release.ts";
import { keepRelease } from "../release/kept-releases.ts";
import { readMigrations } from "../release/read-migrations.ts";

type Migrations = Awaited<ReturnType<typeof readMigrations>>;

/** Builds that are kept while nothing runs them: the one that is brought here, and those of before for a way back. */
const mostKept = 4;

/** A build of the service in a folder of this machine; undefined when there is none. */
export async function readBuild(
  folder: string,
): Promise<{ readonly hash: string; readonly migrations: Migrations } | undefined> {
  if (!["main.js", "migrate.js"].every((program) => existsSync(join(folder, program)))) return undefined;
  return { hash: contentHash(folder), migrations: await readMigrations(folder) };
}

/** Copies a build into an environment, where no later build can change it; nothing runs it yet. */
export async function bringBuild({ paths }: LocalEnvironment, folder: string, hash: string): Promise<void> {
  const release = { source: folder, hash, node: installation.node };
  if (existsSync(join(paths.releases, hash))) return void (await repairRelease(paths.releases, release));
  await installRelease(paths.releases, release);
  await keepRelease(paths.releases, hash, mostKept);
}

/** Migrations of a release that stands in an environment; undefined when it does not, or no more. */
export async function migrationsOf({ paths }: LocalEnvironment, hash: string): Promise<Migrations | undefined> {
  const folder = join(paths.releases, hash);
  return existsSync(folder) ? await readMigrations(folder) : undefined;
}

/** Every migration of every release that stands in an environment: what its schema may have come through. */
export async function knownMigrations({ paths }: LocalEnvironment): Promise<Migrations> {
  const names = readdirSync(paths.releases).filter((name) => !name.startsWith("."));
  const all = await Promise.all(names.map((name) => readMigrations(join(paths.releases, name))));
  return [...new Map(all.flat().map((migration) => [migration.name, migration])).values()];
}
