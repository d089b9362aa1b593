import { existsSync } from "node:fs";
import { join } from "node:path";
import type { LocalEnvironment } from "../../environment/environment.ts";
import { osUser } from "../host/os-users.ts";
import { runCommand } from "../host/run-command.ts";
import { componentPlaces } from "../layout.ts";
import { adminUrl, answers } from "../postgres/admin-connection.ts";
import { findShopRelease } from "../release/shop-release.ts";
import { OperationError } from "../../operation-error.ts";

const timeoutMs = 30_000;

/**
 * Runs the release's own program for mails beside the database, as any target can run it: neither a worker nor Redis need
 * be there. Gives what it printed. Throws OperationError `not-running`.
 */
export async function runMails({ name, paths, ports }: LocalEnvironment, args: readonly string[]): Promise<unknown> {
  const release = findShopRelease(paths.releases);
  const database = { sockets: componentPlaces(paths).postgres.sockets, port: ports.postgres };
  if (release === undefined || !existsSync(join(release, "mails.js")) || !(await answers(database))) {
    throw new OperationError(
      "not-running",
      `environment ${name} has no database that answers or no release that keeps mail; \`shopctl env show --env ${name}\` shows what there is`,
    );
  }
  const output = await runCommand(join(release, "node"), [join(release, "mails.js"), ...args], {
    user: osUser("postgres"),
    environment: { SHOP_MAILS_URL: adminUrl(database, "shop") },
    timeoutMs,
  });
  return JSON.parse(output);
}
