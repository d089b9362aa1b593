import type { OperationResult } from "../../infra/engine/engine.ts";
import { withoutCanary } from "../../infra/topology/release-choice.ts";
import type { Topology } from "../../infra/topology/topology.ts";
import { withScratchStack } from "../adapters/scratch-stack.ts";
import type { Session } from "../adapters/session.ts";
import { stepOf, type StepId } from "../phases/index.ts";
import type { CostLine } from "../planning/cost.ts";
import { usdAdded, type PlannedStep, type StepPlan } from "../planning/plan-steps.ts";

/** A step of a plan with what the engine would do for it alone. */
export interface PreviewedStep extends PlannedStep<StepId> {
  readonly usdPerMonthAdded: number;
  readonly resources: OperationResult["steps"];
}

/** What `scale plan --json` prints. */
export interface PlanReport {
  readonly schema: "shopctl.scale.plan/1";
  readonly environment: string;
  readonly from: Topology;
  readonly to: Topology;
  readonly steps: readonly PreviewedStep[];
  readonly nothingToDo: readonly StepId[];
  readonly usdPerMonthNow: number;
  readonly usdPerMonthAfter: number;
  readonly costNow: readonly CostLine[];
  readonly costAfter: readonly CostLine[];
  readonly nextActions: readonly string[];
}

/**
 * Previews each step by the engine against what runs now, one after another: a preview is a program run of its own, and
 * two at once would take the processor from the shop.
 */
export async function planReport(
  session: Session,
  from: Topology,
  plan: StepPlan<StepId>,
  options: { readonly onPreview: (step: PlannedStep) => void; readonly applyCommand: string },
): Promise<PlanReport> {
  const engine = await session.engine();
  const settled = withoutCanary(from);
  const previewed: PreviewedStep[] = [];
  for (const step of plan.steps) {
    options.onPreview(step);
    const alone = step.direction === "apply" ? stepOf(step.id).apply(settled) : stepOf(step.id).revert(settled);
    const result = await withScratchStack(session.stack, alone, (scratch) => engine.preview(scratch, {}));
    previewed.push({ ...step, usdPerMonthAdded: usdAdded(step), resources: result.steps });
  }
  const to = plan.steps.at(-1)?.after ?? from;
  return {
    schema: "shopctl.scale.plan/1",
    environment: session.environment.name,
    from,
    to,
    steps: previewed,
    nothingToDo: plan.nothingToDo,
    usdPerMonthNow: plan.usdPerMonthNow,
    usdPerMonthAfter: plan.usdPerMonthAfter,
    costNow: session.priceOf(from).lines,
    costAfter: session.priceOf(to).lines,
    nextActions: previewed.length === 0 ? [] : [options.applyCommand],
  };
}
