import type { Observation, TierSizes } from "../../infra/observation.ts";
import type { Topology } from "../../infra/topology/topology.ts";
import type { SignalName } from "../phases/step.ts";

/** One row of the table of signals. */
export type Signal = MeteredSignal | HostSignal;

interface Described {
  readonly name: SignalName;
  /** A value of it in a few plain words: `82% of the tier's memory used`. */
  readonly label: (value: string) => string;
  /** One sentence for people. */
  readonly meaning: string;
  readonly unit: "s" | "ratio" | "count" | "days" | "bytes";
  /** What is used up; undefined for a signal that is a symptom, not a resource. */
  readonly resource?: string;
}

/** A signal that a Prometheus computes. */
export interface MeteredSignal extends Described {
  /**
   * - `window`: has peaks. Its level is what it reaches for an hour on three days of the last seven, so that neither a quiet
   *   night nor a single spike decides.
   * - `instant`: moves slowly. Its level is what it is now.
   * - `event`: only has values where something happened. Its level is the worst of the last seven days.
   */
  readonly over: "window" | "instant" | "event";
  /**
   * One series without labels that matter, or several of which the largest counts. `window` is a PromQL duration.
   * Every selector is completed by the environment's own labels (`job="shop"`, or `--selector`), unless it names that label.
   */
  readonly query: (window: string) => string;
  /** What the topology has of it where it runs, in the query's unit, where the value is a share of that; 1 where not given. */
  readonly per?: (topology: Topology, tiers: TierSizes) => number;
  /** Without any of these there is no value; they tell "not exported" from "nothing happened". */
  readonly needs: readonly string[];
  /**
   * What an instance that does not give a metric leaves of the value:
   * - `worst`: a lower bound, because the largest over instances counts;
   * - `together`: nothing, because a share or a quantile of the others is of other traffic;
   * - `any`: all of it, because every instance reports the same.
   */
  readonly instances: "worst" | "together" | "any";
  /** With less history there is no verdict; 0 for what one scrape tells. */
  readonly leastHistorySeconds: number;
  /**
   * What there was in a window without a value although everything is exported: `fewer than 20 requests`. A `window` that
   * has it asks for such windows too (`orQuiet`).
   */
  readonly quiet?: string;
  /** Length and distance of its windows; 1 where not given. */
  readonly windowHours?: number;
  /** Whether its growth says when it will breach: it grows with the shop, and past its threshold things go on as before it. */
  readonly forecast?: true;
  /** Label of the series that names the culprit, e.g. the statement. */
  readonly names?: string;
}

/** What only the host knows. */
export interface HostSignal extends Described {
  readonly over: "host";
  /** Where it is read, in words. */
  readonly source: string;
  readonly read: (facts: HostFacts) => Reading;
}

export interface HostFacts {
  /** ISO 8601. */
  readonly now: string;
  /** Facts on the host; undefined where they could not be observed. */
  readonly observation: Observation | undefined;
  /** ISO 8601. */
  readonly environmentCreatedAt: string;
}

/** Label of the series that a query gives for times at which there was too little of a thing to judge. */
export const quietLabel = "quiet";

/**
 * A query that tells "too little of it" from "not exported": where `value` has no series, and `metric` was there all the
 * same, it gives one with the label `quiet`.
 */
export function orQuiet(value: string, metric: string): string {
  return `${value} or on () label_replace(0 * count(${metric}), "${quietLabel}", "yes", "", "")`;
}

/** A value, or why there is none. */
export type Reading = { readonly value: number } | { readonly missing: string };

/** Metrics of ten minutes are the least that a load can be judged by. */
export const leastLoadSeconds = 600;
