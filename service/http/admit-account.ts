import type { AccountQuota } from "../limits/account-quotas.ts";
import type { LimitVerdict } from "../limits/verdict.ts";
import { clientKeyOf } from "./client-of.ts";
import { limitHeaders } from "./limit-requests.ts";
import { answerRefusal } from "./problem.ts";
import type { Services } from "./services.ts";
import { setHeaders } from "./set-headers.ts";
import type { Exchange } from "./step.ts";

/** Counts something that may be done so often for one address of mail; answers the refusal and is false when it was too often. */
export async function admitAccount(
  services: Services,
  [request, response]: Exchange,
  quota: AccountQuota,
  key: string,
): Promise<boolean> {
  const verdict = await services.limiter.count(quota, key);
  services.metrics.limitChecks.inc({ rule: quota.name });
  if (verdict === undefined || verdict.allowed) return true;
  refuseAccount(services, [request, response], quota, verdict);
  return false;
}

/** Answers that there were too many attempts for an account, and counts the refusal. */
export function refuseAccount(
  { metrics, sharedAddresses }: Services,
  [request, response]: Exchange,
  quota: AccountQuota,
  verdict: LimitVerdict,
): void {
  const address = sharedAddresses.isShared(clientKeyOf(request)) ? "shared" : "single";
  metrics.limitRefusals.inc({ rule: quota.name, address });
  setHeaders(response, limitHeaders(quota, verdict));
  answerRefusal(response, { code: "too-many-attempts", retryAfterSeconds: verdict.resetSeconds });
}
