import { z } from "zod";
import type { OperationResult } from "../../infra/engine/engine.ts";
import { queryPlanSchema } from "../../service/contract/query-plans.ts";
import type { StepRecord } from "./step-record.ts";

const outputSchema = z.array(queryPlanSchema);
/** Resource types whose making changes how queries are carried out. */
const planned: readonly string[] = ["shopctl:local:Indexes"];

/** The plans before and after that an update brought about; nothing when it made no such resource. */
export function queryPlansOf({
  steps,
  outputs,
}: Pick<OperationResult, "steps" | "outputs">): Pick<StepRecord, "queryPlans"> {
  const made = steps.some(({ type, operation }) => planned.includes(type) && operation !== "delete");
  const { data } = outputSchema.safeParse(outputs["queryPlans"]);
  return made && data !== undefined ? { queryPlans: data } : {};
}
