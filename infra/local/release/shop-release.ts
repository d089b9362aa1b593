import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { isKept } from "./kept-releases.ts";
import { osUser } from "../host/os-users.ts";
import { runCommand } from "../host/run-command.ts";
import type { AdminTarget } from "../postgres/admin-connection.ts";
import { adminUrl } from "../postgres/admin-connection.ts";

/** It gives up by itself when it met others' locks for 15 minutes; adding an index to a large table is the slowest thing that it does. */
const migrateTimeoutMs = 900_000 + 600_000;

/**
 * The folder of the shop's release that runs, and not of one that is only kept. While a canary runs beside another it is
 * the one with more migrations: the schema is its.
 */
export function findShopRelease(releases: string): string | undefined {
  const names = existsSync(releases) ? readdirSync(releases).filter((name) => !name.startsWith(".")) : [];
  const running = names
    .filter((name) => !isKept(releases, name))
    .map((name) => join(releases, name))
    .filter((folder) => existsSync(join(folder, "migrate.js")));
  return running.toSorted((a, b) => migrationCount(b) - migrationCount(a)).at(0);
}

function migrationCount(release: string): number {
  const folder = join(release, "migrations");
  return existsSync(folder) ? readdirSync(folder).length : 0;
}

/** Brings a database to the newest schema of a release; `say` is told what it waits for. */
export async function migrateBy(
  releaseFolder: string,
  { target, database }: { readonly target: AdminTarget; readonly database: string },
  say: (line: string) => void = () => undefined,
): Promise<void> {
  await runCommand(join(releaseFolder, "node"), [join(releaseFolder, "migrate.js")], {
    user: osUser("postgres"),
    environment: { SHOP_MIGRATE_URL: adminUrl(target, database) },
    timeoutMs: migrateTimeoutMs,
    endsWithUs: true,
    onLine: (stream, line) => (stream === "stderr" ? say(line) : undefined),
  });
}
