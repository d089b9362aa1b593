import { AggregatorRegistry } from "prom-client";
import type { MetricsSnapshot } from "./messages.ts";

/**
 * Adds up what the processes of an instance count. A counter that ever went down would look like a restart of the
 * whole instance to Prometheus, and `rate()` would take everything that the others ever counted for new. So what a
 * worker had counted when it was last asked is kept when it dies; only what it counted after that is lost.
 */
export class SummedMetrics {
  #ofTheDead: MetricsSnapshot = [];

  /** Keeps what adds up over time; a gauge of a process dies with it. */
  keep(snapshot: MetricsSnapshot): void {
    const lasting = snapshot.filter(({ type, aggregator }) => String(type) !== "gauge" && aggregator === "sum");
    this.#ofTheDead = sum([this.#ofTheDead, lasting]);
  }

  /** Text for Prometheus. Where a metric is not summed, the first snapshot that has it decides how it is put together. */
  text(living: readonly MetricsSnapshot[]): Promise<string> {
    return registryOf([...living, this.#ofTheDead]).metrics();
  }
}

function sum(snapshots: readonly MetricsSnapshot[]): MetricsSnapshot {
  // What the registry of a sum has are the sums themselves, values included.
  return registryOf(snapshots).getMetricsAsArray() as unknown as MetricsSnapshot;
}

function registryOf(snapshots: readonly MetricsSnapshot[]) {
  return AggregatorRegistry.aggregate([...snapshots]);
}
