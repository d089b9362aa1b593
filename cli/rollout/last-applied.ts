import type { Topology } from "../../infra/topology/topology.ts";
import { RolloutRecords } from "../adapters/rollout-records.ts";
import type { Session } from "../adapters/session.ts";
import { isStepId, steps, stepOf, type StepId } from "../phases/index.ts";

/** The done step that was applied last, by the records; without records the last done one of the list. Empty when none is done. */
export async function lastApplied(session: Session, topology: Topology): Promise<readonly StepId[]> {
  const records = await new RolloutRecords(session.environment.paths.root).list();
  const applied = records
    .filter(({ direction, state }) => direction === "apply" && state === "done")
    .map(({ step }) => step)
    .filter(isStepId)
    .find((id) => stepOf(id).isDone(topology));
  const last = applied ?? steps.findLast((step) => step.isDone(topology))?.id;
  return last === undefined ? [] : [last];
}
