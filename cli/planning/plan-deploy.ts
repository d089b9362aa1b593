import { withoutCanary } from "../../infra/topology/release-choice.ts";
import type { Topology } from "../../infra/topology/topology.ts";
import type { DeployMove } from "./deploy-moves.ts";
import type { PriceOf } from "./cost.ts";
import type { Direction, PlannedStep, StepPlan } from "./plan-steps.ts";
import { diffTopologies } from "./topology-diff.ts";

/** What people are told of a move before and after it. */
export const deployTexts: Readonly<
  Record<DeployMove, Pick<PlannedStep, "title" | "phase" | "interruption" | "risk" | "leadTimeMinutes">>
> = {
  "deploy-canary": {
    phase: 0,
    title: "The new release's migrations, and one instance of it for a share of the requests",
    interruption: "none; what the new release answers wrongly, that share of the shoppers sees",
    risk: "medium",
    leadTimeMinutes: 1,
  },
  "deploy-rest": {
    phase: 0,
    title: "Every instance runs the new release",
    interruption: "none: new instances are ready before the old ones leave",
    risk: "low",
    leadTimeMinutes: 1,
  },
};

/** From what runs to another release. What an earlier deployment left half-way is part of the way back, not of the way. */
export function planDeploy(
  running: Topology,
  { release, sharePercent }: { readonly release: string; readonly sharePercent: number },
  priceOf: PriceOf,
): StepPlan {
  const before = withoutCanary(running);
  const stable = before.release?.stable;
  const { usdPerMonth } = priceOf(before);
  if (stable === undefined || stable === release) return planOf([], usdPerMonth);
  const canary = { ...before, release: { stable, canary: { release, sharePercent } } };
  const after = { ...before, release: { stable: release } };
  const steps = [
    deployStep("deploy-canary", "apply", { before, after: canary }, usdPerMonth),
    // Its way back is all the way: a release that fails for all is not left with a share of them.
    deployStep("deploy-rest", "apply", { before, after }, usdPerMonth),
  ];
  return planOf(steps, usdPerMonth);
}

/** Back to an earlier release, without a canary: it ran before. */
export function planDeployRollback(running: Topology, release: string, priceOf: PriceOf): StepPlan {
  return planMove(running, release, "rollback", priceOf);
}

/** To another release without a canary, where the target has none: its own deployment goes back by itself. */
export function planDeployAtOnce(running: Topology, release: string, priceOf: PriceOf): StepPlan {
  return planMove(running, release, "apply", priceOf);
}

function planMove(running: Topology, release: string, direction: Direction, priceOf: PriceOf): StepPlan {
  const before = withoutCanary(running);
  const { usdPerMonth } = priceOf(before);
  if (before.release?.stable === release) return planOf([], usdPerMonth);
  const after = { ...before, release: { stable: release } };
  return planOf([deployStep("deploy-rest", direction, { before, after }, usdPerMonth)], usdPerMonth);
}

/** A move with everything known before anything is touched. */
export function deployStep(
  id: DeployMove,
  direction: Direction,
  { before, after }: { readonly before: Topology; readonly after: Topology },
  usdPerMonth: number,
): PlannedStep {
  const changes = diffTopologies(before, after);
  const move = { id, direction, before, after, changes, usdPerMonthBefore: usdPerMonth, usdPerMonthAfter: usdPerMonth };
  return { ...move, ...deployTexts[id] };
}

function planOf(steps: readonly PlannedStep[], usdPerMonth: number): StepPlan {
  return { steps, nothingToDo: [], usdPerMonthNow: usdPerMonth, usdPerMonthAfter: usdPerMonth };
}
