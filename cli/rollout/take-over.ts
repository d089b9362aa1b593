import type { Topology } from "../../infra/topology/topology.ts";
import { stepOf } from "../phases/index.ts";
import { diffTopologies } from "../planning/topology-diff.ts";
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

/**
 * Decides from the newest record, the topology in the state and the steps that are wanted now. A run that was on its way
 * back is brought to the topology before; one that was on its way forth goes on where the wanted steps begin with it.
 */
export function takeOver(record: StepRecord | undefined, running: Topology, wanted: readonly PlannedStep[]): TakeOver {
  if (record === undefined) return { kind: "go-on" };
  const { step, direction, stage } = record;
  const name = direction === "apply" ? `step ${step}` : `rollback of step ${step}`;
  if (stage === "back") return { kind: "settle", topology: record.before, because: `${name} was on its way back` };
  if (stage === "preview") return { kind: "go-on" };
  const first = wanted.at(0);
  if (first?.id === step && first.direction === direction) return { kind: "go-on" };
  if (isAt(running, record.after) && !isAt(running, record.before))
    return { kind: "finish", step: plannedAgain(record) };
  return { kind: "settle", topology: running, because: `${name} was half-way` };
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
  const { phase, title, interruption, risk, leadTimeMinutes, pointOfNoReturn } = stepOf(step);
  const changes = diffTopologies(before, after);
  const move = { id: step, phase, title, direction, before, after, changes };
  const known = { ...move, usdPerMonthBefore, usdPerMonthAfter, interruption, risk, leadTimeMinutes };
  return pointOfNoReturn === undefined ? known : { ...known, pointOfNoReturn };
}
