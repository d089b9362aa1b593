import type { Observation, ProcessObservation } from "../../infra/observation.ts";
import type { Component } from "./touched-components.ts";

/** Processes that end when their day's work is done, and wait for the next one as another process. */
const endsByDesign: ReadonlySet<Component> = new Set<Component>(["backup-schedule", "task-schedule"]);

/**
 * Names of processes that ran before and are another process, down or gone after; those of components that were touched
 * on purpose are left out.
 */
export function restartedBetween(
  before: Observation,
  after: Observation,
  touched: ReadonlySet<Component> = new Set(),
): readonly string[] {
  const now = new Map(after.processes.map((process) => [process.name, process]));
  return before.processes
    .filter((process) => lifeOf(process) !== undefined && !touched.has(process.component))
    .filter((process) => {
      const same = now.get(process.name);
      if (same?.state !== "up") return true;
      return lifeOf(same) !== lifeOf(process) && !endsByDesign.has(process.component);
    })
    .map((process) => process.name);
}

function lifeOf({ pid, life }: ProcessObservation): number | string | undefined {
  return life ?? pid;
}
