import type { ProbeSummary } from "./gate.ts";

/** Probes of several windows of one step together. */
export function addProbes(before: ProbeSummary | undefined, now: ProbeSummary): ProbeSummary {
  if (before === undefined) return now;
  return {
    sent: before.sent + now.sent,
    failed: before.failed + now.failed,
    refused: before.refused + now.refused,
    longestMs: Math.max(before.longestMs, now.longestMs),
    // Of two windows the worse: neither can be averaged away by the other.
    ...(before.p95Ms === undefined && now.p95Ms === undefined
      ? {}
      : { p95Ms: Math.max(before.p95Ms ?? 0, now.p95Ms ?? 0) }),
    failures: [...before.failures, ...now.failures],
  };
}
