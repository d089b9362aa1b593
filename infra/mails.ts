import {
  failedMailsSchema,
  mailQuotaSchema,
  retriedMailsSchema,
  type FailedMail,
  type MailQuota,
} from "../service/contract/mails.ts";
import type { Delivery } from "../service/contract/delivery.ts";
import { OperationError } from "./operation-error.ts";
import type { Target } from "./target.ts";
import type { Topology } from "./topology/topology.ts";

/** The mail of one environment. */
export interface EnvironmentMails {
  readonly target: Target;
  /** Name of the environment, for what is said of it. */
  readonly environment: string;
}

export interface RetriedMails {
  readonly retried: readonly string[];
  /** What became of them at once; undefined where a worker delivers. */
  readonly delivery?: Delivery;
}

export interface KnownQuota extends MailQuota {
  /** Who said it: the operator by `mail quota`, the environment's settings, or nobody. */
  readonly basis: "operator" | "settings" | "plan";
}

/** The mails that the workers gave up, newest first. Throws OperationError `not-running | failed`. */
export async function listFailedMails({ target }: EnvironmentMails): Promise<readonly FailedMail[]> {
  return failedMailsSchema.parse(await target.runMails(["failed"])).mails;
}

/**
 * Lets one given up mail, or all of them, be tried again, and gives their ids. Where no worker does that it is done here,
 * with those that an earlier call was killed over: the same call again sends what that one left. A worker that is taken away
 * meanwhile sends what is left; on AWS that is for the next call. Throws OperationError `unknown-mail | not-running | failed`.
 */
export async function retryFailedMails(
  { target, environment }: EnvironmentMails,
  topology: Topology,
  which: { readonly id: string } | "all",
): Promise<RetriedMails> {
  const args = which === "all" ? ["retry", "--all"] : ["retry", which.id];
  const { retried } = retriedMailsSchema.parse(await target.runMails(args));
  const delivery = await target.deliverOutbox(topology);
  const { sent, failed } = delivery ?? { sent: 0, failed: 0 };
  if (which !== "all" && retried.length + sent + failed === 0) {
    throw new OperationError(
      "unknown-mail",
      `environment ${environment} has no failed mail ${which.id}; \`shopctl mail failed --env ${environment}\` shows those that there are`,
    );
  }
  return delivery === undefined ? { retried } : { retried, delivery };
}

/**
 * How many mails a day the provider is taken to accept, and how many it did; `change` says how many from now on, or `plan`
 * for what there was before anybody said. Every process of the shop knows in seconds. Throws OperationError `not-running | failed`.
 */
export async function mailQuota(
  { target }: EnvironmentMails,
  topology: Topology,
  change?: number | "plan",
): Promise<KnownQuota> {
  const { transport, perDay } = target.mailProvider(topology);
  const args = ["quota", transport, ...(change === undefined ? [] : [String(change)])];
  const quota = mailQuotaSchema.parse(await target.runMails(args));
  if (quota.isSet) return { ...quota, basis: "operator" };
  return perDay === undefined ? { ...quota, basis: "plan" } : { ...quota, perDay, basis: "settings" };
}
