import type { PlannedStep } from "../planning/plan-steps.ts";
import type { RolloutWorld } from "./world.ts";

/** How soon a rollout that holds notices that it may go on. */
const intervalMs = 500;

/** Waits before a step while the rollout is paused; a stop ends the wait too, and the step then stops in its preview. */
export async function holdWhilePaused(next: PlannedStep, world: RolloutWorld): Promise<void> {
  if (!(await world.isPaused(next))) return;
  world.report({ kind: "paused", before: next });
  while (world.stoppedBy() === undefined && (await world.isPaused(next)))
    await world.wait(intervalMs, { stoppable: true });
  if (world.stoppedBy() === undefined) world.report({ kind: "resumed", before: next });
}
