import type { DriftReport } from "../rollout/drift-report.ts";
import { columns } from "./columns.ts";
import { style } from "./style.ts";

/** `drift` for people: one line a difference, the serious ones first. */
export function renderDrift({ environment, resources, differences, nextActions }: DriftReport): string {
  if (differences.length === 0) return `${style.bold(environment)} is as its stack says: ${resources} resources read.`;
  const rows = differences.map(({ resource, what, expected, found, harm }) => [
    harm === "serious" ? style.red("✖") : style.yellow("·"),
    resource,
    what,
    found,
    style.dim(`expected: ${expected}`),
  ]);
  const next = nextActions.map((action, index) => style.dim(`${index === 0 ? "next: " : "      "}${action}`));
  return [columns(rows), ...(next.length === 0 ? [] : [""]), ...next].join("\n");
}
