import type { RequestHandler } from "express";
import type { LimitVerdict } from "../limits/limiter.ts";
import { ruleFor, type LimitRule } from "../limits/rules.ts";
import { clientKeyOf } from "./client-of.ts";
import { answerRefusal } from "./problem.ts";
import type { Services } from "./services.ts";

/** Applies the seed's limits by path and client address; tells what is left in the headers of the IETF draft. */
export function limitRequests({ limiter, rules, sharedAddresses, metrics }: Services): RequestHandler {
  return async (request, response, next) => {
    const rule = ruleFor(rules, request.path);
    if (rule === undefined) return next();
    const client = clientKeyOf(request);
    const verdict = await limiter.count(rule, client);
    metrics.limitChecks.inc({ rule: rule.name });
    if (verdict === undefined) return next();
    response.set(limitHeaders(rule, verdict));
    if (verdict.allowed) return next();
    metrics.limitRefusals.inc({ rule: rule.name, address: sharedAddresses.isShared(client) ? "shared" : "single" });
    answerRefusal(response, { code: "too-many-requests", retryAfterSeconds: verdict.resetSeconds });
  };
}

/** draft-ietf-httpapi-ratelimit-headers: quota and window of the policy, what remains and until when. */
function limitHeaders(rule: LimitRule, verdict: LimitVerdict): Record<string, string> {
  return {
    "RateLimit-Policy": `"${rule.name}";q=${rule.points};w=${rule.windowSeconds}`,
    RateLimit: `"${rule.name}";r=${verdict.remaining};t=${verdict.resetSeconds}`,
  };
}
