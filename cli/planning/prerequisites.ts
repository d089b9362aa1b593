import type { Topology } from "../../infra/topology/topology.ts";
import { isStepId, stepOf, steps, type StepId } from "../phases/index.ts";
import type { Step } from "../phases/step.ts";
import type { PlanRefusal } from "./refusal.ts";

/** Refuses a step whose prerequisites are not all done. */
export function unmetNeeds(step: Step<StepId>, topology: Topology): PlanRefusal | undefined {
  const by = needsOf(step).filter((need) => !stepOf(need.step).isDone(topology));
  return by.length === 0 ? undefined : { kind: "blocked", step: step.id, by };
}

/** Refuses the rollback of a step that is past its point of no return, or that a done step needs. */
export function keptFromRollback(step: Step<StepId>, topology: Topology): PlanRefusal | undefined {
  const { id, pointOfNoReturn } = step;
  if (pointOfNoReturn !== undefined) return { kind: "no-return", step: id, because: pointOfNoReturn };
  const by = steps
    .filter((step) => step.isDone(topology))
    .flatMap((step) =>
      needsOf(step)
        .filter((need) => need.step === id)
        .map(({ because }) => ({ step: step.id, because })),
    );
  return by.length === 0 ? undefined : { kind: "needed", step: id, by };
}

function needsOf(step: Step): readonly { readonly step: StepId; readonly because: string }[] {
  return step.needs.flatMap(({ step: id, because }) => (isStepId(id) ? [{ step: id, because }] : []));
}
