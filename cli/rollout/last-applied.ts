import type { Topology } from "../../infra/topology/topology.ts";
import { RolloutRecords, unfinished } from "../adapters/rollout-records.ts";
import type { Session } from "../adapters/session.ts";
import { isStepId, steps, stepOf, type StepId } from "../phases/index.ts";

/**
 * The step that was applied last, by the records: one that a killed or stopped run left in the middle, in whatever
 * direction, or else the newest that is done. Without records the last done one of the list. Empty when none is done.
 */
export async function lastApplied(session: Session, topology: Topology): Promise<readonly StepId[]> {
  const records = await new RolloutRecords(session.environment.paths.root).list();
  const left = await unfinished(records);
  if (left !== undefined && isStepId(left.step)) return [left.step];
  const applied = records
    .filter(({ direction, state }) => direction === "apply" && state === "done")
    .map(({ step }) => step)
    .filter(isStepId)
    .find((id) => stepOf(id).isDone(topology));
  const last = applied ?? steps.findLast((step) => step.isDone(topology))?.id;
  return last === undefined ? [] : [last];
}
