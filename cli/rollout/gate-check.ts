/** `inconclusive`: what was measured does not tell. */
export type GateOutcome = "passed" | "failed" | "inconclusive";

export interface GateCheck {
  readonly check:
    | "server-errors"
    | "probe-failures"
    | "response-p95-ms"
    | "restarts"
    | "requests"
    | "canary-errors"
    | "canary-p95-ms"
    | "canary-requests";
  /** What a Prometheus would be asked for the same. */
  readonly query: string;
  readonly windowSeconds: number;
  /** Undefined when it could not be measured, which is inconclusive and never zero. */
  readonly value: number | undefined;
  readonly limit: number;
  /** Of requests it is a lower limit, of the others an upper one. */
  readonly outcome: GateOutcome;
  readonly note?: string;
}

/** Of an upper limit. */
export function atMost(value: number | undefined, limit: number): GateOutcome {
  if (value === undefined) return "inconclusive";
  return value <= limit ? "passed" : "failed";
}
