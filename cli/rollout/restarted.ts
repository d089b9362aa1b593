import type { Observation } from "../../infra/target.ts";

/** Names of processes that run in both observations and are not the same process, or are no longer up. */
export function restartedBetween(before: Observation, after: Observation): readonly string[] {
  const now = new Map(after.processes.map((process) => [process.name, process]));
  return before.processes
    .filter((process) => process.pid !== undefined)
    .filter((process) => {
      const same = now.get(process.name);
      return same === undefined || same.pid !== process.pid || same.state !== "up";
    })
    .map((process) => process.name);
}
