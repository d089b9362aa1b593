import { existsSync } from "node:fs";
import { join } from "node:path";
import { failedMailsSchema, retriedMailsSchema, type FailedMail } from "../../../service/contract/mails.ts";
import type { Environment } from "../../environment/environment.ts";
import { osUser } from "../host/os-users.ts";
import { runCommand } from "../host/run-command.ts";
import { componentPlaces } from "../layout.ts";
import { adminUrl, answers } from "../postgres/admin-connection.ts";
import { findShopRelease } from "../release/shop-release.ts";
import { OperationError } from "./operation-error.ts";

const timeoutMs = 30_000;

/** The mails that the workers gave up, newest first. Throws OperationError `not-running`. */
export async function listFailedMails(environment: Environment): Promise<readonly FailedMail[]> {
  return failedMailsSchema.parse(await runMails(environment, ["failed"])).mails;
}

/**
 * Lets one given up mail, or all of them, be tried again, and gives their ids. Throws OperationError `unknown-mail |
 * not-running`.
 */
export async function retryFailedMails(
  environment: Environment,
  which: { readonly id: string } | "all",
): Promise<readonly string[]> {
  const args = which === "all" ? ["retry", "--all"] : ["retry", which.id];
  const { retried } = retriedMailsSchema.parse(await runMails(environment, args));
  if (retried.length === 0 && which !== "all") {
    throw new OperationError(
      "unknown-mail",
      `environment ${environment.name} has no failed mail ${which.id}; \`shopctl mail failed --env ${environment.name}\` shows those that there are`,
    );
  }
  return retried;
}

/** The release's own program beside the database, as any target can run it: neither a worker nor Redis need be there. */
async function runMails({ name, paths, ports }: Environment, args: readonly string[]): Promise<unknown> {
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
