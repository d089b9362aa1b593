import { releaseText } from "../../infra/topology/release-choice.ts";
import type { StepStatus, StatusReport } from "../rollout/status-report.ts";
import { columns } from "./columns.ts";
import { usd } from "./numbers.ts";
import { style } from "./style.ts";

/** `scale status` for people. */
export function renderStatus(report: StatusReport): string {
  const { environment, url, usdPerMonth, steps, release } = report;
  const phases = [...new Set(steps.map(({ phase }) => phase))];
  const done = steps.filter((step) => step.done).length;
  return [
    `${style.bold(environment)}  ${url}  ${usd(usdPerMonth)} USD/month  ${done} of ${steps.length} steps done`,
    ...(release === undefined ? [] : [style.dim(`release ${releaseText(release)}`)]),
    "",
    ...phases.flatMap((phase) => [
      `phase ${phase}`,
      columns(steps.filter((step) => step.phase === phase).map(stepRow)),
    ]),
    ...attention(report),
    "",
    style.dim(`next: ${report.nextActions[0] ?? ""}`),
  ].join("\n");
}

function stepRow({ id, title, done, blockedBy, usdPerMonthAdded }: StepStatus): readonly string[] {
  const mark = done ? style.green("✔") : blockedBy.length > 0 ? style.yellow("◐") : "·";
  const price = usdPerMonthAdded === 0 ? "" : `${usdPerMonthAdded > 0 ? "+" : ""}${usd(usdPerMonthAdded)}`;
  const text = blockedBy.length > 0 ? `after ${blockedBy.join(", ")}` : title;
  return [`  ${mark}`, id, done ? "" : price, done ? style.dim(text) : text];
}

function attention({ atWork, unfinished, pendingOperations, paused }: StatusReport): readonly string[] {
  const lines: string[] = [];
  if (atWork !== undefined) {
    lines.push("", style.yellow(`process ${atWork.pid} is at work since ${atWork.startedAt}: ${atWork.command}`));
  } else if (unfinished !== undefined) {
    const what = `${unfinished.direction === "apply" ? "step" : "rollback of"} ${unfinished.step}`;
    lines.push(
      "",
      style.yellow(`an earlier run ended in the middle of ${what} (${unfinished.stage});`),
      style.yellow("the next apply or rollback takes it over"),
    );
  } else if (pendingOperations > 0) {
    lines.push("", style.yellow(`${pendingOperations} resource operations have no result: an update was killed`));
  }
  if (paused !== undefined) {
    const where = paused.before === undefined ? "" : ` before ${paused.before}`;
    lines.push(
      "",
      style.yellow(`${paused.state === "held" ? "paused" : "asked to pause"}${where} since ${paused.since}`),
    );
  }
  return lines;
}
