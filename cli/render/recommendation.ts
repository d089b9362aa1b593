import type { Recommendation, StepAdvice, Verdict } from "../advice/recommend.ts";
import { signalOf } from "../advice/signals.ts";
import { atThreshold, formatValue, whyOf } from "../advice/why.ts";
import { columns, wrapText } from "./columns.ts";
import { usdMove } from "./numbers.ts";
import { style } from "./style.ts";

const lineWidth = 80;
const whyIndent = " ".repeat(4);

/** `style`'s methods read its state, so they are called on it. */
const marks: Readonly<Record<Verdict, () => readonly [mark: string, verdict: string]>> = {
  done: () => [style.green("✔"), style.green("done")],
  due: () => [style.yellow("●"), style.yellow("due")],
  soon: () => [style.yellow("○"), style.yellow("soon")],
  "not-yet": () => ["·", style.dim("not yet")],
  blocked: () => [style.yellow("◐"), style.yellow("blocked")],
  "insufficient-evidence": () => [style.red("?"), style.red("insufficient evidence")],
};

/** Advice for people: the binding constraint first, then each step with its verdict and price, and below it why. */
export function renderRecommendation(advice: Recommendation): string {
  const users = advice.users === null ? "users not known" : `${formatValue(advice.users, "count")} users`;
  const heads = columns(advice.steps.map(headOf)).split("\n");
  const steps = advice.steps.flatMap((step, index) => [heads[index] ?? "", ...whyLines(step)]);
  return [...bindingLines(advice), "", `${advice.environment}: ${users}`, ...steps].join("\n");
}

function headOf({ id, verdict, usdPerMonthNow, usdPerMonthAfter }: StepAdvice): readonly string[] {
  const [mark, words] = marks[verdict]();
  return [mark, id, words, verdict === "done" ? "" : usdMove(usdPerMonthNow, usdPerMonthAfter)];
}

/** What is done needs no reason. */
function whyLines(step: StepAdvice): readonly string[] {
  return step.verdict === "done" ? [] : indented(whyOf(step));
}

function bindingLines({ binding, bindingMissing }: Recommendation): readonly string[] {
  if (binding === null) return titled(`not known (${bindingMissing ?? "no resource was read"})`);
  const unknown = binding.unknown.map((name) => signalOf(name).resource ?? name);
  return [
    ...titled(`${binding.resource}: ${atThreshold(binding)}`),
    ...(unknown.length === 0 ? [] : indented(`not known: ${unknown.join(", ")}`)),
  ];
}

function titled(text: string): readonly string[] {
  const title = "Binding constraint:";
  const [first = "", ...others] = wrapText(`${title} ${text}`, lineWidth - whyIndent.length);
  return [first.replace(title, style.bold(title)), ...others.map((line) => whyIndent + line)];
}

function indented(text: string): readonly string[] {
  return wrapText(text, lineWidth - whyIndent.length).map((line) => style.dim(whyIndent + line));
}
