import type { PlanResult, StepPlan } from "../planning/plan-steps.ts";
import { wayBack } from "../planning/way-back.ts";
import type { StepId } from "../phases/index.ts";
import type { Topology } from "../../infra/topology/topology.ts";
import { FailureError } from "./failure.ts";

/** The plan of a result. Throws FailureError when it was refused. */
export function acceptedPlan(result: PlanResult, environment: string): StepPlan<StepId> {
  if (result.ok) return result.plan;
  throw new FailureError({ code: "refused", environment, refusal: result.refusal });
}

/** Steps to take back until `to` is the last one left. Throws FailureError when there is no such way. */
export function acceptedWay(topology: Topology, to: string, environment: string): readonly StepId[] {
  const way = wayBack(topology, to);
  if (way.ok) return way.steps;
  throw new FailureError({ code: "refused", environment, refusal: way.refusal });
}
