import { existsSync } from "node:fs";
import { join } from "node:path";
import { osUser } from "../host/os-users.ts";
import { runCommand } from "../host/run-command.ts";
import { adminUrl, type AdminTarget } from "../postgres/admin-connection.ts";

/** The program gives up by itself long before, with a reason. */
const timeoutMs = 7_200_000;

/**
 * Runs a release's `indexes.js`, which is killed when this process dies: the run that takes over must not meet it.
 * `onReport` is told each line of its output, `say` how far it is.
 */
export async function runIndexes(
  verb: "build" | "drop",
  { releaseFolder, database }: { readonly releaseFolder: string; readonly database: AdminTarget },
  told: { readonly say: (line: string) => void; readonly onReport: (line: string) => void },
): Promise<void> {
  await runCommand(join(releaseFolder, "node"), [join(releaseFolder, "indexes.js"), verb], {
    user: osUser("postgres"),
    environment: { SHOP_INDEXES_URL: adminUrl(database, "shop") },
    timeoutMs,
    endsWithUs: true,
    onLine: (stream, line) => (stream === "stdout" ? told.onReport(line) : told.say(line)),
  });
}

/** Whether a release has the program. */
export function hasIndexes(releaseFolder: string): boolean {
  return existsSync(join(releaseFolder, "indexes.js"));
}
