import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { osUser } from "../host/os-users.ts";
import { runCommand } from "../host/run-command.ts";
import type { AdminTarget } from "../postgres/admin-connection.ts";
import { adminUrl } from "../postgres/admin-connection.ts";

/** Adding an index to a large table is the slowest thing a migration does. */
const migrateTimeoutMs = 600_000;

/** The folder of the installed release that has the shop's migrations; there is one but for the moment of a deployment. */
export function findShopRelease(releases: string): string | undefined {
  const names = existsSync(releases) ? readdirSync(releases).filter((name) => !name.startsWith(".")) : [];
  return names.map((name) => join(releases, name)).find((folder) => existsSync(join(folder, "migrate.js")));
}

/** Brings a database to the newest schema of a release. */
export async function migrateBy(releaseFolder: string, target: AdminTarget, database: string): Promise<void> {
  await runCommand(join(releaseFolder, "node"), [join(releaseFolder, "migrate.js")], {
    user: osUser("postgres"),
    environment: { SHOP_MIGRATE_URL: adminUrl(target, database) },
    timeoutMs: migrateTimeoutMs,
  });
}
