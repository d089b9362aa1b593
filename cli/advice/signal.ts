import type { Observation } from "../../infra/target.ts";
import type { Topology } from "../../infra/topology/topology.ts";
import type { SignalName } from "../phases/step.ts";
import type { Snapshot } from "./snapshot.ts";

/** What signals are read from. */
export interface SignalInput {
  /** The window, oldest first; two or more for anything that counts over time. */
  readonly snapshots: readonly Snapshot[];
  /** All that is known of the running topology, oldest first, `snapshots` at its end: for signals that look at days. */
  readonly history: readonly Snapshot[];
  readonly topology: Topology;
  /** Facts on the host; undefined where they could not be observed. */
  readonly observation: Observation | undefined;
  /** ISO 8601. */
  readonly environmentCreatedAt: string;
}

/**
 * A signal's value, or why there is none. `lowerBound` says why the true value may be higher: then it can make a step
 * due, and cannot show that a step is not.
 */
export type Reading = { readonly value: number; readonly lowerBound?: string } | { readonly missing: string };

export interface Signal {
  readonly name: SignalName;
  /** A value of it in a few plain words: `82% of the tier's memory used`. */
  readonly label: (value: string) => string;
  /** One sentence for people. */
  readonly meaning: string;
  readonly unit: "s" | "ratio" | "count" | "days";
  /** What is used up; undefined for a signal that is a symptom, not a resource. */
  readonly resource?: string;
  /** `window` reads all snapshots of the window, `instant` the last, `history` as far back as there is. */
  readonly over: "window" | "instant" | "history";
  /** What a Prometheus would be asked; `window` is a PromQL duration, e.g. `10s`. */
  readonly query: (window: string, topology: Topology) => string;
  readonly read: (input: SignalInput) => Reading;
}
