import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Delivery } from "../../../service/contract/delivery.ts";
import { failedMailsSchema, retriedMailsSchema, type FailedMail } from "../../../service/contract/mails.ts";
import type { LocalEnvironment } from "../../environment/environment.ts";
import { readCredentials } from "../../environment/stack.ts";
import type { Topology } from "../../topology/topology.ts";
import { mailVariables } from "../components/service-variables.ts";
import { deliverySecrets } from "../components/worker-variables.ts";
import { processNames } from "../layout.ts";
import { deliverRest } from "../release/deliver-rest.ts";
import { findShopRelease } from "../release/shop-release.ts";
import { OperationError } from "./operation-error.ts";
import { runMails } from "./run-mails.ts";

export interface RetriedMails {
  readonly retried: readonly string[];
  /** What became of them at once; undefined where a worker delivers. */
  readonly delivery?: Delivery;
}

/** The mails that the workers gave up, newest first. Throws OperationError `not-running`. */
export async function listFailedMails(environment: LocalEnvironment): Promise<readonly FailedMail[]> {
  return failedMailsSchema.parse(await runMails(environment, ["failed"])).mails;
}

/**
 * Lets one given up mail, or all of them, be tried again, and gives their ids. Where no worker does that it is done here,
 * with those that an earlier call was killed over. A worker that is taken away meanwhile sends what is left. Throws
 * OperationError `unknown-mail | not-running`.
 */
export async function retryFailedMails(
  environment: LocalEnvironment,
  topology: Topology,
  which: { readonly id: string } | "all",
): Promise<RetriedMails> {
  const args = which === "all" ? ["retry", "--all"] : ["retry", which.id];
  const { retried } = retriedMailsSchema.parse(await runMails(environment, args));
  if (retried.length === 0 && which !== "all") {
    throw new OperationError(
      "unknown-mail",
      `environment ${environment.name} has no failed mail ${which.id}; \`shopctl mail failed --env ${environment.name}\` shows those that there are`,
    );
  }
  if (existsSync(join(environment.paths.services, processNames.mailWorker))) return { retried };
  return { retried, delivery: await deliverNow(environment, topology) };
}

async function deliverNow(environment: LocalEnvironment, topology: Topology): Promise<Delivery> {
  const { paths, ports } = environment;
  const credentials = await readCredentials(environment);
  return deliverRest(findShopRelease(paths.releases) ?? "", {
    ...mailVariables(topology, ports),
    ...deliverySecrets(topology, ports, credentials),
  });
}
