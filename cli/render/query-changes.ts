import type { Plan } from "../../service/contract/query-plans.ts";
import type { QueryTime } from "../../service/contract/query-times.ts";
import type { StepRecord } from "../rollout/step-record.ts";
import { columns } from "./columns.ts";
import { style } from "./style.ts";

/** How queries are carried out before and after steps, one line each: node, rows read, cost and time, or planning and running. */
export function queryLines(records: readonly Pick<StepRecord, "queryPlans" | "queryTimes">[]): readonly string[] {
  const plans = records.flatMap(({ queryPlans = [] }) => queryPlans);
  const times = records.flatMap(({ queryTimes = [] }) => queryTimes);
  const rows = [
    ...plans.map(({ query, before, after }) => [query, planText(before), "→", planText(after)]),
    ...times.map(({ query, share, before, after }) => [
      query,
      `${timeText(before)}, ${(100 * share).toFixed(1)}% of the database's time so far`,
      "→",
      timeText(after),
    ]),
  ];
  return rows.length === 0 ? [] : columns(rows).split("\n");
}

function timeText({ planMs, runMs }: QueryTime["before"]): string {
  return `${(planMs + runMs).toFixed(3)} ms (${planMs.toFixed(3)} of it planning)`;
}

function planText(plan: Plan | undefined): string {
  if (plan === undefined) return style.dim("not known");
  const { node, rows, cost, ms } = plan;
  return `${node}, ${rows.toLocaleString("en-US")} rows, cost ${Math.round(cost)}, ${ms.toFixed(1)} ms`;
}
