import { figures } from "../../service/contract/figures.ts";
import type { Gap } from "../advice/increase.ts";
import type { Traffic } from "../advice/traffic.ts";
import { canaryChecks, type CanaryEvidence } from "./canary-gate.ts";
import { atMost, type GateCheck, type GateOutcome } from "./gate-check.ts";
import { mostErrorsAlike } from "./error-margin.ts";

export type { GateCheck, GateOutcome } from "./gate-check.ts";

/** What a step must not exceed to stay; the same for every step, only the window is the command's to choose. */
export interface GateRules {
  /** Time under traffic after the step works, before it is judged. */
  readonly windowMs: number;
  /** Fewer requests than this in the window prove nothing: shopctl then sends probes of its own. */
  readonly minRequests: number;
  /**
   * Where none failed before the step; where some did, the step may fail as large a share (`mostErrorsAlike`), unless too few
   * requests were seen before to know it: then failures are inconclusive.
   */
  readonly maxServerErrors: number;
  /** p95 may rise to the objective; where it was above before the step, by this factor over what it was. */
  readonly objectiveP95Ms: number;
  readonly p95GrowthFactor: number;
}

/** Window in seconds where the command names none: long enough for the first slow answers of a new instance. */
export const defaultWindowSeconds = 5;

/** Ten requests a second make a p95 of more than chance in a window of five. */
const leastRequestsPerSecond = 10;

/** Where fewer probes can be sent than that, what they can be is the least. */
export function gateRules(windowSeconds: number, probesPerSecond = Number.POSITIVE_INFINITY): GateRules {
  return {
    windowMs: windowSeconds * 1_000,
    minRequests: Math.floor(windowSeconds * Math.min(leastRequestsPerSecond, probesPerSecond * 0.8)),
    maxServerErrors: 0,
    objectiveP95Ms: figures.objectives.responseSecondsMax * 1_000,
    p95GrowthFactor: 1.25,
  };
}

/** What shopctl's own requests met. */
export interface ProbeSummary {
  readonly sent: number;
  /** No answer, or one of 5xx. */
  readonly failed: number;
  /** 429 of the shop's limits: a refusal, not a failure. */
  readonly refused: number;
  readonly longestMs: number;
  /** Undefined where none was sent. */
  readonly p95Ms?: number;
  /** The first few failures in words. */
  readonly failures: readonly string[];
}

export interface GateEvidence {
  /** Before the step; latency is compared with it. */
  readonly before: Traffic;
  /** From just before the update to the end of the window: no request may fail in it, or no larger share than before. */
  readonly step: Traffic;
  /** The window after the update. */
  readonly window: Traffic;
  /** Processes that were restarted in the window, or in the step without being part of it. */
  readonly restarted: readonly string[];
  readonly probes: ProbeSummary | undefined;
  /** Of the move that brings a canary. */
  readonly canary?: CanaryEvidence | undefined;
}

export interface GateVerdict {
  readonly outcome: GateOutcome;
  readonly checks: readonly GateCheck[];
  readonly probes: ProbeSummary | undefined;
}

/** Judges a step by what shoppers and probes met: one failed check fails it, else one that cannot tell leaves it open. */
export function judgeGate(evidence: GateEvidence, rules: GateRules): GateVerdict {
  const checks = [
    serverErrors(evidence, rules),
    ...probeFailures(evidence),
    latency(evidence, rules),
    restarts(evidence),
    requests(evidence, rules),
    ...(evidence.canary === undefined ? [] : canaryChecks(evidence.canary, rules)),
  ];
  const worst = (["failed", "inconclusive"] as const).find((one) => checks.some(({ outcome }) => outcome === one));
  return { outcome: worst ?? "passed", checks, probes: evidence.probes };
}

/** Checks that did not pass, as sentences. */
export function reasonsOf({ checks }: GateVerdict): readonly string[] {
  return checks
    .filter(({ outcome }) => outcome !== "passed")
    .map(({ check, value, limit, note }) => {
      const found = value === undefined ? "not measured" : String(value);
      return `${check}: ${found}, limit ${limit}${note === undefined ? "" : ` (${note})`}`;
    });
}

function serverErrors({ before, step }: GateEvidence, { maxServerErrors, minRequests }: GateRules): GateCheck {
  const range = `[${Math.round(step.windowSeconds)}s]`;
  const { serverErrors: errorsBefore = 0, requests: requestsBefore = 0 } = before;
  const failing = errorsBefore > 0 && requestsBefore > 0;
  const limit = failing
    ? Math.max(maxServerErrors, mostErrorsAlike({ errors: errorsBefore, requests: requestsBefore }, step.requests ?? 0))
    : maxServerErrors;
  const found = atMost(step.serverErrors, limit);
  // One that failed of a few before lets nearly any share fail: no sign of harm, and none of health either.
  const isOpen = found === "passed" && failing && requestsBefore < minRequests && step.serverErrors !== 0;
  return {
    check: "server-errors",
    query: `increase(haproxy_backend_http_responses_total{code="5xx"}${range}) + increase(haproxy_backend_server_aborts_total${range})`,
    windowSeconds: step.windowSeconds,
    value: step.serverErrors,
    limit,
    outcome: isOpen ? "inconclusive" : found,
    ...noteOf([
      ...(failing ? [`before the step ${share(errorsBefore, requestsBefore)}`] : []),
      ...(isOpen ? ["too few to compare with"] : []),
      // An instance that vanished in the step was replaced by it.
      ...(step.serverErrors === undefined ? inWords(step.gaps.filter(({ why }) => why !== "vanished")) : []),
    ]),
  };
}

function share(errors: number, requests: number): string {
  const percent = Number(((errors / requests) * 100).toPrecision(2));
  return `${errors} of ${Math.round(requests)} requests failed, ${percent}%`;
}

function probeFailures({ probes, step }: GateEvidence): readonly GateCheck[] {
  if (probes === undefined) return [];
  const [first] = probes.failures;
  return [
    {
      check: "probe-failures",
      query: `failed of ${probes.sent} requests that shopctl sent`,
      windowSeconds: step.windowSeconds,
      value: probes.failed,
      limit: 0,
      outcome: atMost(probes.failed, 0),
      ...(first === undefined ? {} : { note: first }),
    },
  ];
}

function latency({ before, window }: GateEvidence, rules: GateRules): GateCheck {
  const was = before.latencyMs?.p95;
  const limit = Math.max(rules.objectiveP95Ms, Math.round((was ?? 0) * rules.p95GrowthFactor));
  // The answers of an instance that was missed may be the slow ones.
  const p95 = window.gaps.length > 0 ? undefined : window.latencyMs?.p95;
  const value = p95 === undefined ? undefined : Math.round(p95);
  return {
    check: "response-p95-ms",
    query: `histogram_quantile(0.95, sum by (le) (increase(shop_http_request_duration_seconds_bucket[${Math.round(window.windowSeconds)}s]))) * 1000`,
    windowSeconds: window.windowSeconds,
    value,
    limit,
    outcome: atMost(value, limit),
    note: [
      was === undefined ? "before the step it was not measured" : `before the step it was ${Math.round(was)} ms`,
      ...inWords(window.gaps),
    ].join(", "),
  };
}

function inWords(gaps: readonly Gap[]): readonly string[] {
  return gaps.map(({ instance, why }) => `${instance} ${why}`);
}

function noteOf(parts: readonly string[]): Pick<GateCheck, "note"> {
  return parts.length === 0 ? {} : { note: parts.join(", ") };
}

function restarts({ restarted, window }: GateEvidence): GateCheck {
  return {
    check: "restarts",
    query: "processes with another pid than at the start of the window, or of the step where it does not touch them",
    windowSeconds: window.windowSeconds,
    value: restarted.length,
    limit: 0,
    outcome: atMost(restarted.length, 0),
    ...(restarted.length === 0 ? {} : { note: restarted.join(", ") }),
  };
}

function requests({ window }: GateEvidence, { minRequests }: GateRules): GateCheck {
  return {
    check: "requests",
    query: `increase(haproxy_backend_http_requests_total[${Math.round(window.windowSeconds)}s])`,
    windowSeconds: window.windowSeconds,
    value: window.requests,
    limit: minRequests,
    // Silence is no sign of health, and none of harm either.
    outcome: window.requests !== undefined && window.requests >= minRequests ? "passed" : "inconclusive",
  };
}
