import { existsSync } from "node:fs";
import { join } from "node:path";
import { osUser } from "../host/os-users.ts";
import { runCommand } from "../host/run-command.ts";
import { adminUrl, type AdminTarget } from "../postgres/admin-connection.ts";

/** The program gives up by itself long before, with a reason. */
const timeoutMs = 7_200_000;

/**
 * Runs a release's `indexes.js` and gives what it prints; `say` is told how far it is. It is killed when this process dies: the run
 * that takes over must not meet it.
 */
export async function runIndexes(
  verb: "explain" | "build" | "drop",
  { releaseFolder, database }: { readonly releaseFolder: string; readonly database: AdminTarget },
  say: (line: string) => void,
): Promise<string> {
  return await runCommand(join(releaseFolder, "node"), [join(releaseFolder, "indexes.js"), verb], {
    user: osUser("postgres"),
    environment: { SHOP_INDEXES_URL: adminUrl(database, "shop") },
    timeoutMs,
    endsWithUs: true,
    onLine: (stream, line) => (stream === "stderr" ? say(line) : undefined),
  });
}

/** Whether a release has the program. */
export function hasIndexes(releaseFolder: string): boolean {
  return existsSync(join(releaseFolder, "indexes.js"));
}
