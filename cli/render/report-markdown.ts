import { headroomInWords } from "../advice/headroom-words.ts";
import type { ReportData } from "../rollout/report-data.ts";
import { usd, usdMove } from "./numbers.ts";
import { roadText, verdictText } from "./pages/report-words.ts";

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
    `<sub>shopctl, ${generatedAt}</sub>`,
  ].join("\n");
}

/** Text that cannot end a cell or begin markup. */
function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("<", "&lt;").replaceAll("\n", " ");
}
