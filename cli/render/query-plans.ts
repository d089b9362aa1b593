import type { Plan, QueryPlan } from "../../service/contract/query-plans.ts";
import { columns } from "./columns.ts";
import { style } from "./style.ts";

/** How queries are carried out before and after a step, one line each: node, rows read, cost and time. */
export function planLines(plans: readonly QueryPlan[]): readonly string[] {
  if (plans.length === 0) return [];
  const rows = plans.map(({ query, before, after }) => [query, planText(before), "→", planText(after)]);
  return columns(rows).split("\n");
}

function planText(plan: Plan | undefined): string {
  if (plan === undefined) return style.dim("not known");
  const { node, rows, cost, ms } = plan;
  return `${node}, ${rows.toLocaleString("en-US")} rows, cost ${Math.round(cost)}, ${ms.toFixed(1)} ms`;
}
