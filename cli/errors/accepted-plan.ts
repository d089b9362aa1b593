import type { PlanResult, StepPlan } from "../planning/plan-steps.ts";
import { FailureError } from "./failure.ts";

/** The plan of a result. Throws FailureError when it was refused. */
export function acceptedPlan(result: PlanResult, environment: string): StepPlan {
  if (result.ok) return result.plan;
  throw new FailureError({ code: "refused", environment, refusal: result.refusal });
}
