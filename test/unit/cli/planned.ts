import { costOf } from "../../../cli/planning/cost.ts";
import { planSteps, type PlannedStep } from "../../../cli/planning/plan-steps.ts";
import { baseline } from "../../../infra/topology/topology.ts";

/** Steps of a rollout that begins at the baseline. */
export function planned(...steps: string[]): readonly PlannedStep[] {
  const result = planSteps(baseline, { steps }, costOf);
  if (!result.ok) throw new Error("refused");
  return result.plan.steps;
}
