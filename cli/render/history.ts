import type { UpdateRecord } from "../../infra/engine/engine.ts";
import type { StepRecord } from "../rollout/step-record.ts";
import { columns } from "./columns.ts";
import { localTime } from "./numbers.ts";
import { queryLines } from "./query-changes.ts";
import { stepSummary } from "./step-summary.ts";
import { style } from "./style.ts";

/** Rolled out steps, two lines each: what and how it went. */
export function renderSteps(records: readonly StepRecord[]): string {
  if (records.length === 0) return "No step was rolled out yet.";
  return records
    .map((record) => {
      const mark = record.state === "done" ? style.green("✔") : style.red("✖");
      const what = `${record.direction === "apply" ? "" : "rollback of "}${record.step}${releaseMove(record)}`;
      const reasons = (record.reasons ?? []).map((reason) => `    ${style.red(reason)}`);
      return [
        `${mark} ${localTime(record.startedAt)}  ${style.bold(what)}`,
        `    ${stepSummary(record)}`,
        ...queryLines([record]).map((line) => `    ${line}`),
        ...reasons,
      ].join("\n");
    })
    .join("\n");
}

/** Which release a move of a deployment put in place of which. */
function releaseMove({ before, after }: StepRecord): string {
  const [from, to] = [before.release?.stable, after.release?.canary?.release ?? after.release?.stable];
  return from === undefined || to === undefined || from === to ? "" : ` ${from} → ${to}`;
}

/** The stack's own history. */
export function renderUpdates(updates: readonly UpdateRecord[]): string {
  if (updates.length === 0) return "The stack was never updated.";
  return columns(
    updates.map(({ version, startedAt, kind, result, message, changes }) => [
      `#${version}`,
      localTime(startedAt),
      kind,
      result === "succeeded" ? style.green(result) : style.red(result),
      message,
      style.dim(
        Object.entries(changes)
          .filter(([operation]) => operation !== "same")
          .map(([operation, count]) => `${count} ${operation}`)
          .join(", "),
      ),
    ]),
  );
}
