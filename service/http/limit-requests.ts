import type { ServerResponse } from "node:http";
import type { LimitVerdict } from "../limits/limiter.ts";
import { ruleFor, type LimitRule } from "../limits/rules.ts";
import { clientKeyOf } from "./client-of.ts";
import type { Step } from "./step.ts";
import { answerRefusal } from "./problem.ts";
import { requestPath } from "./request-path.ts";
import type { Services } from "./services.ts";

/** Applies the seed's limits by path and client address; tells what is left in the headers of the IETF draft. */
export function limitRequests({ limiter, rules, sharedAddresses, metrics }: Services): Step {
  return async (request, response, next) => {
    const rule = ruleFor(rules, requestPath(request));
    if (rule === undefined) return next();
    const client = clientKeyOf(request);
    const verdict = await limiter.count(rule, client);
    metrics.limitChecks.inc({ rule: rule.name });
    if (verdict === undefined) return next();
    tellLimit(response, rule, verdict);
    if (verdict.allowed) return next();
    metrics.limitRefusals.inc({ rule: rule.name, address: sharedAddresses.isShared(client) ? "shared" : "single" });
    answerRefusal(response, { code: "too-many-requests", retryAfterSeconds: verdict.resetSeconds });
  };
}

/** draft-ietf-httpapi-ratelimit-headers: quota and window of the policy, what remains and until when. */
function tellLimit(response: ServerResponse, rule: LimitRule, verdict: LimitVerdict): void {
  response.setHeader("RateLimit-Policy", `"${rule.name}";q=${rule.points};w=${rule.windowSeconds}`);
  response.setHeader("RateLimit", `"${rule.name}";r=${verdict.remaining};t=${verdict.resetSeconds}`);
}
