import type { Environment } from "../../../infra/environment/environment.ts";
import type { Target } from "../../../infra/target.ts";
import type { Topology } from "../../../infra/topology/topology.ts";
import type { Measurements } from "../../advice/measurement.ts";
import { readSignals } from "../../advice/read-signals.ts";
import { signals } from "../../advice/signals.ts";
import { openSource, type SourceChoice } from "./open-source.ts";

export interface MeasurementTask extends SourceChoice {
  readonly environment: Environment;
  readonly target: Pick<Target, "observe" | "scrapeEndpoints" | "prometheus">;
  readonly topology: Topology;
  /** When this topology began to run, in seconds since 1970; undefined for ever. */
  readonly since: number | undefined;
}

/** Reads every signal of an environment, from the best source that there is. */
export async function takeMeasurements(
  task: MeasurementTask,
): Promise<{ readonly measurements: Measurements; readonly source: string }> {
  const { environment, target, topology, windowSeconds } = task;
  const [source, observation] = await Promise.all([openSource(task), target.observe()]);
  try {
    const measurements = await readSignals({
      source,
      signals,
      topology,
      selector: task.selector,
      now: source.now,
      windowSeconds,
      since: task.since,
      facts: { now: observation.at, observation, environmentCreatedAt: environment.createdAt },
    });
    return { measurements, source: source.name };
  } finally {
    await source.close();
  }
}
