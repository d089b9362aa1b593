import { headroomInWords } from "../advice/headroom-words.ts";
import type { ReportData } from "../rollout/report-data.ts";
import { usd, usdMove } from "./numbers.ts";
import { rangeText, roadText, verdictText } from "./pages/report-words.ts";

/** `report --markdown`: for a comment on a pull request. */
export function reportMarkdown(report: ReportData): string {
  const { environment, binding, steps, cost, generatedAt } = report;
  return [
    `### The road of ${cell(environment)}`,
    "",
    cell(roadText(report)),
    "",
    `**Binding constraint:** ${cell(binding)}`,
    "",
    `**Headroom:** ${cell(headroomInWords(report))}`,
    "",
    ...usersLines(report),
    "| step | phase | verdict | USD a month |",
    "| --- | --- | --- | --- |",
    ...steps.map((step) => {
      const price = step.verdict === "done" ? "" : usdMove(step.usdPerMonthNow, step.usdPerMonthAfter);
      return `| ${step.id} | ${step.phase} | ${cell(verdictText(step))} | ${price} |`;
    }),
    "",
    `<details><summary>${usd(cost.usdPerMonth)} USD a month</summary>`,
    "",
    "| item | USD | assumed |",
    "| --- | ---: | --- |",
    ...cost.lines.map(
      (line) => `| ${cell(line.item)} | ${usd(line.usdPerMonth)} | ${cell(line.exceeded ?? line.assumption)} |`,
    ),
    "",
    "</details>",
    "",
    ...monthsLines(report),
    ...rolloutLines(report),
    `<sub>shopctl, ${generatedAt}</sub>`,
  ].join("\n");
}

function usersLines({ usersAhead: { forecast, missing } }: ReportData): readonly string[] {
  const last = forecast.at(-1);
  if (last === undefined) return [`**Forecast of users:** none: ${cell(missing ?? "nothing was read")}`, ""];
  return [`**Forecast of users:** ${rangeText(last)} on ${new Date(last.atMs).toISOString().slice(0, 10)}`, ""];
}

function monthsLines({ usersAhead: { months } }: ReportData): readonly string[] {
  if (months.length === 0) return [];
  return [
    "<details><summary>Cost by month along the forecast</summary>",
    "",
    "| month | users | USD | steps |",
    "| --- | --- | --- | --- |",
    ...months.map((one) => {
      const cells = [one.month, rangeText(one.users), rangeText(one.usdPerMonth, 2), one.steps.join(", ")];
      return `| ${cells.map(cell).join(" | ")} |`;
    }),
    "",
    "</details>",
    "",
  ];
}

/** How many rollouts a comment has room for. */
const mostRollouts = 10;

function rolloutLines({ rollouts }: ReportData): readonly string[] {
  if (rollouts.length === 0) return [];
  return [
    "<details><summary>Rollouts, newest first</summary>",
    "",
    "| step | when | state | gate |",
    "| --- | --- | --- | --- |",
    ...rollouts.slice(0, mostRollouts).map(({ step, direction, startedAt, state, gate }) => {
      const name = direction === "apply" ? step : `rollback of ${step}`;
      return `| ${[name, startedAt.slice(0, 16).replace("T", " "), state, gate].map(cell).join(" | ")} |`;
    }),
    "",
    "</details>",
    "",
  ];
}

/** Text that cannot end a cell or begin markup. */
function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("<", "&lt;").replaceAll("\n", " ");
}
