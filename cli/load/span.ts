import { tally, type Tally } from "./tally.ts";
import type { TrafficStats } from "./traffic-report.ts";

/** A stretch of time in which requests are counted. */
export interface Span {
  readonly counts: Tally;
  /** Notes how late a request was sent. */
  readonly late: (lagMs: number) => void;
  readonly read: (inFlight: number) => TrafficStats;
  /** Begins anew, now. */
  readonly reset: () => void;
}

export function startSpan(): Span {
  const counts = tally();
  let startedAt = performance.now();
  let driverLagMs = 0;
  return {
    counts,
    late: (lagMs) => {
      driverLagMs = Math.max(driverLagMs, lagMs);
    },
    read: (inFlight) => {
      const seconds = (performance.now() - startedAt) / 1_000;
      const all = counts.all();
      return { ...all, seconds, sentPerSecond: seconds > 0 ? all.sent / seconds : 0, inFlight, driverLagMs };
    },
    reset: () => {
      counts.reset();
      startedAt = performance.now();
      driverLagMs = 0;
    },
  };
}
