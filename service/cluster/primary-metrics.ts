import { collectDefaultMetrics, Counter, Gauge, Registry, type Aggregator } from "prom-client";
import { metricNames } from "../contract/metrics.ts";
import type { MetricsSnapshot } from "./messages.ts";

/** Of the figures of the processes, those that are the instance's own rather than a sum. */
const notSummed: Readonly<Record<string, Aggregator>> = {
  [metricNames.processStart]: "first",
  process_max_fds: "first",
};

/** What the primary itself adds to the metrics of an instance: its share of CPU and memory, and what it knows of workers. */
export class PrimaryMetrics {
  readonly #registry = new Registry();
  readonly restarts = new Counter({
    name: metricNames.workerRestarts,
    help: "Workers that died and were replaced",
    registers: [this.#registry],
  });

  readonly #workers = new Gauge({
    name: metricNames.workers,
    help: "Workers of the instance that run",
    registers: [this.#registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.#registry });
  }

  /** The runtime's own figures, e.g. of its event loop, would blur those of the workers and are left out. */
  async snapshot(livingWorkers: number): Promise<MetricsSnapshot> {
    this.#workers.set(livingWorkers);
    const metrics = await this.#registry.getMetricsAsJSON();
    return metrics
      .filter(({ name }) => !name.startsWith("nodejs_"))
      .map((metric) => ({ ...metric, aggregator: notSummed[metric.name] ?? "sum" }));
  }
}
