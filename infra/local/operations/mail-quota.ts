import { mailQuotaSchema, type MailQuota } from "../../../service/contract/mails.ts";
import type { LocalEnvironment } from "../../environment/environment.ts";
import type { Topology } from "../../topology/topology.ts";
import { runMails } from "./run-mails.ts";

/**
 * How many mails a day the provider is taken to accept, and how many it did; `change` says how many from now on, or `plan`
 * for what the growth plan's has. Every process of the shop knows in seconds. Throws OperationError `not-running`.
 */
export async function mailQuota(
  environment: LocalEnvironment,
  { mail }: Topology,
  change?: number | "plan",
): Promise<MailQuota> {
  const args = ["quota", mail, ...(change === undefined ? [] : [String(change)])];
  return mailQuotaSchema.parse(await runMails(environment, args));
}
