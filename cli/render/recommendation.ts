import type { Recommendation, Verdict } from "../advice/recommend.ts";
import { formatValue, whyOf } from "../advice/why.ts";
import { columns } from "./columns.ts";
import { usdMove } from "./numbers.ts";
import { style } from "./style.ts";

/** `style`'s methods read its state, so they are called on it. */
const marks: Readonly<Record<Verdict, () => string>> = {
  done: () => style.green("done"),
  due: () => style.yellow("due"),
  soon: () => style.yellow("soon"),
  "not-yet": () => style.dim("not yet"),
  blocked: () => style.yellow("blocked"),
  "insufficient-evidence": () => style.red("insufficient evidence"),
};

/** Advice for people: the binding constraint in the first line, then each step with its verdict, price and why. */
export function renderRecommendation(advice: Recommendation): string {
  const users = advice.users === null ? "users not known" : `${formatValue(advice.users, "count")} users`;
  const rows = advice.steps.map((step) => [
    step.id,
    marks[step.verdict](),
    usdMove(step.usdPerMonthNow, step.usdPerMonthAfter),
    whyOf(step),
  ]);
  return [bindingLine(advice), "", `${advice.environment}: ${users}`, columns(rows)].join("\n");
}

function bindingLine({ binding, bindingMissing }: Recommendation): string {
  if (binding === null) return `Binding constraint: not known (${bindingMissing ?? "no resource was read"})`;
  const { resource, signal, value, threshold, ratio, unit, unknown } = binding;
  const found = `${signal} ${formatValue(value, unit)} of ${formatValue(threshold, unit)}`;
  const state = ratio >= 1 ? style.yellow("over its threshold") : "within its threshold";
  const caveat = unknown.length === 0 ? "" : `; not known: ${unknown.join(", ")}`;
  return `${style.bold("Binding constraint")}: ${resource}, ${found} (${formatValue(ratio, "ratio")}), ${state}${caveat}`;
}
