import type { Action } from "./mix.ts";
import type { Counts } from "./tally.ts";

/** Counts over a time; every request that was scheduled in it is in `sent`. */
export interface TrafficStats extends Counts {
  readonly seconds: number;
  readonly sentPerSecond: number;
  readonly inFlight: number;
  /** The latest that a request was sent after its time, in ms: how far the driver itself fell behind. */
  readonly driverLagMs: number;
}

export interface TrafficReport extends TrafficStats {
  readonly routes: Readonly<Record<Action, Counts>>;
  /** The first failures, in order. */
  readonly failed: readonly FailedRequest[];
}

export interface FailedRequest {
  /** ISO 8601 time at which it failed. */
  readonly at: string;
  readonly action: Action;
  readonly address: string;
  readonly outcome: string;
  /** Status or error. */
  readonly detail: string;
}
