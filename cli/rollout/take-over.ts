import type { Topology } from "../../infra/topology/topology.ts";
import { withoutCanary } from "../../infra/topology/release-choice.ts";
import { stepOf } from "../phases/index.ts";
import { diffTopologies } from "../planning/topology-diff.ts";
import { isDeployMove } from "../planning/deploy-moves.ts";
import { deployStep } from "../planning/plan-deploy.ts";
import type { PlannedStep } from "../planning/plan-steps.ts";
import type { StepRecord } from "./step-record.ts";

/** How to go on after a run that was killed or stopped in the middle of a step. */
export type TakeOver =
  /** Nothing is half-made, or the plan's own first update completes it. */
  | { readonly kind: "go-on" }
  /** The step's update was finished but never judged: do the step again (nothing changes), so that it is proven and gated. */
  | { readonly kind: "finish"; readonly step: PlannedStep }
  /** Something half-made is in the way of the plan: one update to this topology first. */
  | { readonly kind: "settle"; readonly topology: Topology; readonly because: string };

/** The topology that whatever is wanted now begins at: what runs, or what a way back that was cut off is brought to first. */
export function startingFrom(record: StepRecord | undefined, running: Topology): Topology {
  return record?.stage === "back" ? withoutCanary(record.before) : running;
}

/**
 * Decides from the newest record, the topology in the state and the steps that are wanted now. A run that was on its way
 * back is brought to the topology before; one that was on its way forth goes on where the wanted steps begin with it. A
 * deployment goes on from its canary. `pendingOperations` without a record are those of an update beside the steps.
 */
export function takeOver(
  record: StepRecord | undefined,
  running: Topology,
  wanted: readonly PlannedStep[],
  pendingOperations = 0,
): TakeOver {
  const first = wanted.at(0);
  const withCanary = running.release?.canary !== undefined;
  if (record === undefined || record.stage === "preview") {
    // A deployment that ended between its two moves.
    if (withCanary && first?.id !== "deploy-canary") return settle(running, "a deployment had left its canary");
    // What a plan begins with is an update, and does them again.
    return pendingOperations > 0 && first === undefined ? settle(running, "an update was killed") : goOn;
  }
  const { step, direction, stage } = record;
  const name = direction === "apply" ? `step ${step}` : `rollback of step ${step}`;
  if (stage === "back") return settle(record.before, `${name} was on its way back`);
  const finished = isAt(running, record.after) && !isAt(running, record.before);
  // Nobody who takes it back at once wants it judged first.
  if (first?.id === step && (first.direction === direction || finished)) return goOn;
  // A canary that nobody judged is not worth keeping: it is taken back, or is what the next deployment begins with.
  if (finished && !withCanary) return { kind: "finish", step: plannedAgain(record) };
  if (first?.id === "deploy-canary" && isDeployMove(step)) return goOn;
  return settle(running, `${name} was half-way`);
}

const goOn: TakeOver = { kind: "go-on" };

function settle(topology: Topology, because: string): TakeOver {
  return { kind: "settle", topology: withoutCanary(topology), because };
}

function isAt(left: Topology, right: Topology): boolean {
  return diffTopologies(left, right).length === 0;
}

/** The record's move again, as a plan has it. */
function plannedAgain({
  step,
  direction,
  before,
  after,
  usdPerMonthBefore,
  usdPerMonthAfter,
}: StepRecord): PlannedStep {
  if (isDeployMove(step)) return deployStep(step, direction, { before, after }, usdPerMonthBefore);
  const { phase, title, interruption, risk, leadTimeMinutes, pointOfNoReturn } = stepOf(step);
  const changes = diffTopologies(before, after);
  const move = { id: step, phase, title, direction, before, after, changes };
  const known = { ...move, usdPerMonthBefore, usdPerMonthAfter, interruption, risk, leadTimeMinutes };
  return pointOfNoReturn === undefined ? known : { ...known, pointOfNoReturn };
}
