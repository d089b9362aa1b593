import type { IncomingMessage, ServerResponse } from "node:http";
import type { Quota } from "../limits/limiter.ts";
import { ruleFor, type LimitRule } from "../limits/rules.ts";
import { isByAccount, tierQuota } from "../limits/tiers.ts";
import type { LimitVerdict } from "../limits/verdict.ts";
import { authenticateSession } from "./authenticate.ts";
import { clientKeyOf } from "./client-of.ts";
import { answerRefusal } from "./problem.ts";
import { requestPath } from "./request-path.ts";
import type { Services } from "./services.ts";
import { setHeaders } from "./set-headers.ts";
import type { Step } from "./step.ts";

/** Applies the limits by path, to client address or account; tells what is left in the headers of the IETF draft. */
export function limitRequests(services: Services): Step {
  const { limiter, rules, metrics } = services;
  return async (request, response, next) => {
    const rule = ruleFor(rules, requestPath(request));
    if (rule === undefined) return next();
    const client = clientKeyOf(request);
    const account = await accountQuotaOf(services, request, rule);
    const { quota, key } = account ?? { quota: rule, key: client };
    const verdict = await limiter.count(quota, key);
    metrics.limitChecks.inc({ rule: rule.name });
    if (verdict === undefined) return next();
    setHeaders(response, limitHeaders(quota, verdict));
    if (verdict.allowed) return next();
    refuseRequest(services, response, rule, { ...verdict, isByAccount: account !== undefined });
  };
}

/** Refuses a request that was too much, and counts the refusal. */
export function refuseRequest(
  { metrics, sharedAddresses }: Services,
  response: ServerResponse,
  rule: LimitRule,
  { resetSeconds, isByAccount = false }: Pick<LimitVerdict, "resetSeconds"> & { readonly isByAccount?: boolean },
): void {
  // An account that asks too much is one abuser, whoever else is at its address.
  const isShared = !isByAccount && sharedAddresses.isShared(clientKeyOf(response.req));
  metrics.limitRefusals.inc({ rule: rule.name, address: isShared ? "shared" : "single" });
  answerRefusal(response, { code: "too-many-requests", retryAfterSeconds: resetSeconds });
}

/** The quota of who is signed in; undefined for everyone else, and while the session cannot be looked up. */
async function accountQuotaOf(
  services: Services,
  request: IncomingMessage,
  rule: LimitRule,
): Promise<{ quota: Quota; key: string } | undefined> {
  if (request.headers.authorization === undefined || !isByAccount(rule)) return undefined;
  try {
    const session = await authenticateSession(services, request);
    if (!session.ok) return undefined;
    return { quota: tierQuota(rule, session.value.tier), key: String(session.value.accountId) };
  } catch {
    return undefined;
  }
}

/** draft-ietf-httpapi-ratelimit-headers: quota and window of the policy, what remains and until when. */
export function limitHeaders(quota: Quota, verdict: LimitVerdict) {
  return {
    "RateLimit-Policy": `"${quota.name}";q=${quota.points};w=${quota.windowSeconds}`,
    RateLimit: `"${quota.name}";r=${verdict.remaining};t=${verdict.resetSeconds}`,
  };
}
