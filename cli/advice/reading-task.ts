import type { Topology } from "../../infra/topology/topology.ts";
import type { MetricsSource } from "./metrics-source.ts";
import type { HostFacts, Signal } from "./signal.ts";

/** What signals are read from, and how much of it counts. */
export interface ReadingTask {
  readonly source: MetricsSource;
  readonly signals: readonly Signal[];
  readonly topology: Topology;
  /** Labels of the environment's series: `job="shop"`. */
  readonly selector: string;
  /** Seconds since 1970. */
  readonly now: number;
  /** Seconds: judge by what happened in this window alone, be it ever so short; undefined for the usual. */
  readonly windowSeconds: number | undefined;
  /** Seconds since 1970: loads before it were of another topology; undefined when this one runs from the beginning. */
  readonly since: number | undefined;
  readonly facts: HostFacts;
}
