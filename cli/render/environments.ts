import { steps } from "../phases/index.ts";
import type { EnvironmentSummary } from "../rollout/environment-list.ts";
import { columns } from "./columns.ts";
import { localTime, usd } from "./numbers.ts";
import { style } from "./style.ts";

/** `env list` for people. */
export function renderEnvironments(environments: readonly EnvironmentSummary[]): string {
  if (environments.length === 0) return "There is no environment yet.\nnext: shopctl env create demo";
  const head = ["NAME", "URL", "STEPS", "USD/MONTH", "CREATED"].map((text) => style.dim(text));
  return columns([head, ...environments.map(row)]);
}

function row({
  name,
  url,
  stepsDone,
  usdPerMonth,
  createdAt,
  topology,
  problem,
}: EnvironmentSummary): readonly string[] {
  if (topology === undefined)
    return [name, url, style.yellow(problem ?? "creation not finished"), "", localTime(createdAt)];
  return [name, url, `${stepsDone} of ${steps.length}`, usd(usdPerMonth ?? 0), localTime(createdAt)];
}
