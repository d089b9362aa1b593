import { z } from "zod";
import type { OperationResult } from "../../infra/engine/engine.ts";
import { queryPlanSchema } from "../../service/contract/query-plans.ts";
import { queryTimeSchema } from "../../service/contract/query-times.ts";
import type { StepRecord } from "./step-record.ts";

const plansSchema = z.array(queryPlanSchema);
const timesSchema = z.array(queryTimeSchema);

/** What an update changed about how queries are carried out, before and after; nothing when it made no such resource. */
export function queryChangesOf({
  steps,
  outputs,
}: Pick<OperationResult, "steps" | "outputs">): Pick<StepRecord, "queryPlans" | "queryTimes"> {
  const hasMade = (wanted: string): boolean =>
    steps.some(({ type, operation }) => type === wanted && operation !== "delete");
  const plans = plansSchema.safeParse(outputs["queryPlans"]);
  const times = timesSchema.safeParse(outputs["queryTimes"]);
  return {
    ...(plans.success && hasMade("shopctl:local:Indexes") ? { queryPlans: plans.data } : {}),
    ...(times.success && hasMade("shopctl:local:Queries") ? { queryTimes: times.data } : {}),
  };
}
