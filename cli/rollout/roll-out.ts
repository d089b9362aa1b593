import type { PlannedStep } from "../planning/plan-steps.ts";
import type { GateRules } from "./gate.ts";
import { holdWhilePaused } from "./hold.ts";
import { rollOutStep } from "./roll-out-step.ts";
import type { StepRecord } from "./step-record.ts";
import type { RolloutWorld } from "./world.ts";

/**
 * A rollout is a fold over its steps: each begins where the one before it ended, and the first that is not done ends it.
 * Between two steps it holds while it is paused; a step with a point of no return begins only when somebody agrees.
 */
export async function rollOut(
  steps: readonly PlannedStep[],
  world: RolloutWorld,
  rules: GateRules,
): Promise<readonly StepRecord[]> {
  const records: StepRecord[] = [];
  for (const step of steps) {
    await holdWhilePaused(step, world);
    if (step.pointOfNoReturn !== undefined) await world.confirmNoReturn(step);
    const record = await rollOutStep(step, world, rules);
    records.push(record);
    if (record.state !== "done") break;
  }
  return records;
}
