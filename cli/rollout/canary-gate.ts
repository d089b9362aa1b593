import { countAbove } from "../advice/histogram.ts";
import type { CanaryTraffic, ReleaseTraffic } from "../advice/canary-traffic.ts";
import { mostErrorsAlike } from "./error-margin.ts";
import { atMost, type GateCheck } from "./gate-check.ts";

/** A canary beside what runs: over the whole move its failures, over the window after it its latency. */
export interface CanaryEvidence {
  readonly sharePercent: number;
  readonly step: CanaryTraffic;
  readonly window: CanaryTraffic;
  readonly stepSeconds: number;
  readonly windowSeconds: number;
}

/** A fresh process is slower at first, and a canary's p95 is of few requests: it may be this much above the others'. */
const p95Factor = 1.5;
/** What no shopper feels is no reason to go back. */
const p95ToleranceMs = 100;
/** Half of what its share of the least number of requests is; fewer say nothing. */
const leastPart = 0.5;
const leastRequests = 10;

/** The canary against the instances beside it, in the same time under the same load. */
export function canaryChecks(
  evidence: CanaryEvidence,
  { minRequests }: { readonly minRequests: number },
): readonly GateCheck[] {
  return [canaryErrors(evidence), canaryLatency(evidence), canaryRequests(evidence, minRequests)];
}

/** Whether a canary has failed already: there is no reason to wait for the end of its window. */
export function hasFailed(evidence: CanaryEvidence): boolean {
  return canaryErrors(evidence).outcome === "failed";
}

function canaryErrors({ step: { canary, stable }, stepSeconds }: CanaryEvidence): GateCheck {
  const { failed: errors = 0, requests = 0 } = stable;
  const alike = errors > 0 && requests > 0;
  const limit = alike ? mostErrorsAlike({ errors, requests }, canary.requests ?? 0) : 0;
  const range = `[${Math.round(stepSeconds)}s]`;
  return {
    check: "canary-errors",
    query: `increase(haproxy_backend_http_responses_total{proxy="canary",code="5xx"}${range}) + increase(haproxy_backend_server_aborts_total{proxy="canary"}${range})`,
    windowSeconds: stepSeconds,
    value: canary.failed,
    limit,
    outcome: atMost(canary.failed, limit),
    note: `of ${whole(canary.requests)} requests; beside it ${whole(stable.failed)} of ${whole(stable.requests)}`,
  };
}

/** Of few requests a p95 is chance: more of them must be slower than the limit than chance makes of one in twenty. */
function canaryLatency({ window: { canary, stable }, windowSeconds }: CanaryEvidence): GateCheck {
  const was = stable.p95Ms;
  const limit = was === undefined ? 0 : Math.round(Math.max(was * p95Factor, was + p95ToleranceMs));
  const value = canary.p95Ms === undefined ? undefined : Math.round(canary.p95Ms);
  const [answered, beside] = [answersOf(canary), answersOf(stable)];
  const slower = Math.round(countAbove(Math.max(0, limit - canary.waitMs) / 1_000, canary.latencies));
  // One more: of few requests the approximation is too narrow.
  const byChance = mostErrorsAlike({ errors: beside * 0.05, requests: beside }, answered) + 1;
  const outcome = slower <= byChance ? "passed" : "failed";
  const waited = canary.waitMs < 1 ? "" : `; ${Math.round(canary.waitMs)} ms of it before the shop's own clock started`;
  return {
    check: "canary-p95-ms",
    query: `histogram_quantile(0.95, sum by (le) (increase(shop_http_request_duration_seconds_bucket[${Math.round(windowSeconds)}s]) * on (instance) group_left shop_build_info{release="…"})) * 1000`,
    windowSeconds,
    value,
    limit,
    outcome: was === undefined || value === undefined ? "inconclusive" : outcome,
    note:
      was === undefined
        ? "beside it nothing was measured"
        : `beside it ${Math.round(was)} ms; ${slower} of ${answered} took longer than the limit, up to ${byChance} by chance${waited}`,
  };
}

function answersOf({ latencies }: ReleaseTraffic): number {
  return Math.round(latencies.at(-1)?.count ?? 0);
}

function canaryRequests({ window: { canary }, sharePercent, windowSeconds }: CanaryEvidence, least: number): GateCheck {
  const limit = Math.max(leastRequests, Math.floor((least * sharePercent * leastPart) / 100));
  return {
    check: "canary-requests",
    query: `increase(haproxy_backend_http_requests_total{proxy="canary"}[${Math.round(windowSeconds)}s])`,
    windowSeconds,
    value: canary.requests,
    limit,
    outcome: canary.requests !== undefined && canary.requests >= limit ? "passed" : "inconclusive",
  };
}

function whole(value: number | undefined): string {
  return value === undefined ? "?" : String(Math.round(value));
}
