import type { RolloutReport } from "../rollout/run-steps.ts";
import type { StepRecord } from "../rollout/step-record.ts";
import { columns, wrapText } from "./columns.ts";
import { duration, usdMove } from "./numbers.ts";
import { queryLines } from "./query-changes.ts";
import { totalMs } from "./step-summary.ts";
import { style } from "./style.ts";

/** What a rollout did, as a table. */
export function renderRollout(report: RolloutReport): string {
  const { steps, nothingToDo, environment, takenOver } = report;
  const lines: string[] = [];
  if (takenOver !== undefined) lines.push(`took over a run that ended in the middle of ${takenOver.step}`);
  if (nothingToDo.length > 0)
    lines.push(...wrapText(`nothing to do for ${nothingToDo.join(", ")}`, 80).map((line) => style.dim(line)));
  if (steps.length === 0) return [...lines, "Nothing to do."].join("\n");
  return [
    ...lines,
    renderRecords(steps),
    ...queryLines(steps).map((line) => `  ${line}`),
    `  ${usdMove(report.usdPerMonthBefore, report.usdPerMonthAfter)}`,
    style.dim(`next: shopctl scale status --env ${environment}`),
  ].join("\n");
}

/** Records of moves as a table. */
export function renderRecords(records: readonly StepRecord[]): string {
  const head = ["", "STEP", "TIME", "REQUESTS", "ERRORS", "P95 BEFORE", "AFTER"].map((text) => style.dim(text));
  return columns([head, ...records.map(row)]);
}

function row(record: StepRecord): readonly string[] {
  const { step, traffic, gate, state } = record;
  const own = gate?.probes === undefined ? "" : " (own)";
  return [
    state === "done" ? style.green("✔") : style.red("✖"),
    step,
    duration(totalMs(record)),
    `${Math.round(traffic?.step.requests ?? 0)}${own}`,
    String(traffic?.step.serverErrors ?? "?"),
    milliseconds(traffic?.before.latencyMs?.p95),
    milliseconds(traffic?.window.latencyMs?.p95),
  ];
}

function milliseconds(value: number | undefined): string {
  return value === undefined ? "–" : `${Math.round(value)} ms`;
}
