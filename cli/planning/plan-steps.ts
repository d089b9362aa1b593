import { withoutCanary } from "../../infra/topology/release-choice.ts";
import type { Topology } from "../../infra/topology/topology.ts";
import { isStepId, phases, stepIds, stepOf, steps, type StepId } from "../phases/index.ts";
import type { Step } from "../phases/step.ts";
import { roundCents, type PriceOf } from "./cost.ts";
import type { DeployMove } from "./deploy-moves.ts";
import { keptFromRollback, unmetNeeds } from "./prerequisites.ts";
import type { PlanRefusal } from "./refusal.ts";
import { diffTopologies, type TopologyChange } from "./topology-diff.ts";

/** Which steps: all of a phase that are not done yet, or of all phases up to one, or these, in this order. */
export type StepSelection =
  { readonly phase: number } | { readonly to: number } | { readonly steps: readonly string[] };

export type Direction = "apply" | "rollback";

/** What a rollout carries out: a step of the road, or a move of a deployment. */
export type MoveId = StepId | DeployMove;

/** One step of a plan with everything known before anything is touched. */
export interface PlannedStep<Id extends MoveId = MoveId> {
  readonly id: Id;
  readonly phase: number;
  readonly title: string;
  readonly direction: Direction;
  readonly before: Topology;
  readonly after: Topology;
  readonly changes: readonly TopologyChange[];
  readonly usdPerMonthBefore: number;
  readonly usdPerMonthAfter: number;
  readonly interruption: string;
  readonly risk: Step["risk"];
  readonly leadTimeMinutes: number;
  /** Of a step that cannot be taken back: what is lost for good once its update began. */
  readonly pointOfNoReturn?: string;
}

export interface StepPlan<Id extends MoveId = MoveId> {
  readonly steps: readonly PlannedStep<Id>[];
  /** Steps that were asked for and are as asked already. */
  readonly nothingToDo: readonly StepId[];
  readonly usdPerMonthNow: number;
  readonly usdPerMonthAfter: number;
}

export type PlanResult =
  { readonly ok: true; readonly plan: StepPlan<StepId> } | { readonly ok: false; readonly refusal: PlanRefusal };

/** The way from a topology over the selected steps, or why there is none. */
export function planSteps(topology: Topology, selection: StepSelection, priceOf: PriceOf): PlanResult {
  return plan(topology, selection, "apply", priceOf);
}

/** The way back over the selected steps; a step that another done one needs is refused. */
export function planRollback(
  topology: Topology,
  selection: { readonly steps: readonly string[] },
  priceOf: PriceOf,
): PlanResult {
  return plan(topology, selection, "rollback", priceOf);
}

function plan(topology: Topology, selection: StepSelection, direction: Direction, priceOf: PriceOf): PlanResult {
  const selected = select(selection);
  if (!selected.ok) return selected;
  const planned: PlannedStep<StepId>[] = [];
  const nothingToDo: StepId[] = [];
  // Scaling leaves the release as it is; a canary that a deployment left is taken back first.
  let now = withoutCanary(topology);
  for (const id of selected.ids) {
    const step = stepOf(id);
    if (step.isDone(now) === (direction === "apply")) {
      nothingToDo.push(id);
      continue;
    }
    const refusal = direction === "apply" ? unmetNeeds(step, now) : keptFromRollback(step, now);
    if (refusal !== undefined) return { ok: false, refusal };
    const move = plannedStep(step, direction, now, priceOf);
    planned.push(move);
    now = move.after;
  }
  return {
    ok: true,
    plan: {
      steps: planned,
      nothingToDo,
      usdPerMonthNow: priceOf(topology).usdPerMonth,
      usdPerMonthAfter: priceOf(now).usdPerMonth,
    },
  };
}

function select(selection: StepSelection): { ok: true; ids: readonly StepId[] } | { ok: false; refusal: PlanRefusal } {
  if (!("steps" in selection)) {
    const phase = "to" in selection ? selection.to : selection.phase;
    const inPhase = steps.filter((step) => ("to" in selection ? step.phase <= phase : step.phase === phase));
    if (phases.includes(phase)) return { ok: true, ids: inPhase.map((step) => step.id) };
    return { ok: false, refusal: { kind: "no-such-phase", phase, known: phases } };
  }
  const unknown = selection.steps.find((id) => !isStepId(id));
  if (unknown !== undefined) return { ok: false, refusal: { kind: "no-such-step", step: unknown, known: stepIds } };
  return { ok: true, ids: [...new Set(selection.steps.filter(isStepId))] };
}

function plannedStep(
  step: Step<StepId>,
  direction: Direction,
  before: Topology,
  priceOf: PriceOf,
): PlannedStep<StepId> {
  const after = direction === "apply" ? step.apply(before) : step.revert(before);
  return {
    id: step.id,
    phase: step.phase,
    title: step.title,
    direction,
    before,
    after,
    changes: diffTopologies(before, after),
    usdPerMonthBefore: priceOf(before).usdPerMonth,
    usdPerMonthAfter: priceOf(after).usdPerMonth,
    interruption: step.interruption,
    risk: step.risk,
    leadTimeMinutes: step.leadTimeMinutes,
    ...(step.pointOfNoReturn === undefined ? {} : { pointOfNoReturn: step.pointOfNoReturn }),
  };
}

/** What a step adds to the bill; negative when it makes it smaller. */
export function usdAdded({ usdPerMonthBefore, usdPerMonthAfter }: PlannedStep): number {
  return roundCents(usdPerMonthAfter - usdPerMonthBefore);
}
