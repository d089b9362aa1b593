import type { SignalName } from "../phases/step.ts";
import type { Signal } from "./signal.ts";

/** A signal's value over the window that ends at a time. */
export interface Point {
  /** Seconds since 1970. */
  readonly at: number;
  readonly value: number;
}

/** What was read of one signal. */
export interface Measurement {
  readonly signal: Signal;
  /** What was asked. */
  readonly query: string;
  /** Of each point; 0 for what is read at one moment. */
  readonly windowSeconds: number;
  /** Oldest first; windows in which the signal has no value are left out. */
  readonly points: readonly Point[];
  /** Ends of the windows, oldest first, in which there was too little of a thing to judge, although it was measured. */
  readonly quietAt: readonly number[];
  /** Time that the points stand for. */
  readonly historySeconds: number;
  /**
   * Why the points are not the whole truth. `lower-bound`: it may be more, so they can make a step due and cannot show that
   * it is not. `nothing`: they say nothing.
   */
  readonly lack: { readonly why: string; readonly leaves: "lower-bound" | "nothing" } | null;
  /** What the newest point is about, e.g. the statement. */
  readonly subject?: string;
}

/** Everything that was read, at one time. */
export interface Measurements {
  /** Seconds since 1970. */
  readonly now: number;
  readonly of: ReadonlyMap<SignalName, Measurement>;
}
