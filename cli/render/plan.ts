import type { PlanReport, PreviewedStep } from "../rollout/plan-report.ts";
import type { PlannedStep, StepPlan } from "../planning/plan-steps.ts";
import { columns, wrapText } from "./columns.ts";
import { usd, usdMove } from "./numbers.ts";
import { changeLines } from "./operations.ts";
import { style } from "./style.ts";

/** `scale plan` for people. */
export function renderPlan(report: PlanReport): string {
  if (report.steps.length === 0) return "Nothing to do: every selected step is as asked.";
  return [
    ...report.steps.flatMap((step, index) => [stepText(step, index + 1), ""]),
    style.bold("Cost a month after this plan"),
    columns(
      report.costAfter.map(({ item, usdPerMonth, assumption }) => [
        `  ${item}`,
        usd(usdPerMonth),
        style.dim(assumption),
      ]),
    ),
    `  ${style.bold(usdMove(report.usdPerMonthNow, report.usdPerMonthAfter))}`,
    "",
    style.dim(`next: ${report.nextActions[0] ?? ""}`),
  ].join("\n");
}

/** The plan that is about to be applied, one line a step. */
export function renderShortPlan(plan: StepPlan): string {
  const rows = plan.steps.map((step, index) => [
    `  ${index + 1}`,
    `${step.direction === "apply" ? "" : "rollback of "}${step.id}`,
    money(step),
    `risk ${step.risk}`,
  ]);
  const noReturn = plan.steps.flatMap(({ id, pointOfNoReturn }) =>
    pointOfNoReturn === undefined ? [] : [style.yellow(`  ${id} cannot be taken back: ${pointOfNoReturn}`)],
  );
  return [columns(rows), ...noReturn, `  ${style.bold(usdMove(plan.usdPerMonthNow, plan.usdPerMonthAfter))}`].join(
    "\n",
  );
}

function stepText(step: PreviewedStep, number: number): string {
  const change = step.changes.map(({ field, from, to }) => `${field} ${from} → ${to}`).join(", ");
  const shoppers = step.direction === "apply" ? step.interruption : "as when it was applied";
  const shown = changeLines({ steps: step.resources });
  return [
    style.bold(`${number}. ${step.direction === "apply" ? "" : "rollback of "}${step.id}`) + `  ${step.title}`,
    columns([
      ["   topology", change],
      ["   cost", money(step)],
      ...wrapText(shoppers, 66).map((line, index) => [index === 0 ? "   shoppers" : "", line]),
      ["   risk", `${step.risk}, about ${step.leadTimeMinutes} min`],
      ...(step.pointOfNoReturn === undefined ? [] : [["   no way back", step.pointOfNoReturn]]),
    ]),
    ...shown.map((line) => `     ${line}`),
  ].join("\n");
}

function money({ usdPerMonthBefore, usdPerMonthAfter }: PlannedStep): string {
  return usdMove(usdPerMonthBefore, usdPerMonthAfter);
}
