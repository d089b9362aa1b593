import type { Constraint } from "../advice/constraints.ts";
import { headroomInWords } from "../advice/headroom-words.ts";
import type { Recommendation, StepAdvice, Verdict } from "../advice/recommend.ts";
import { signalOf } from "../advice/signals.ts";
import { atThreshold, formatValue, inRange, whyOf } from "../advice/why.ts";
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

/** How many of the resources that bind later are named: more is no longer news. */
const namedLater = 3;

/** Advice for people: the binding constraint first, then each step with its verdict and price, and below it why. */
export function renderRecommendation(advice: Recommendation): string {
  const users = advice.users === null ? "users not known" : `${formatValue(advice.users, "count")} users`;
  const heads = columns(advice.steps.map(headOf)).split("\n");
  const steps = advice.steps.flatMap((step, index) => [heads[index] ?? "", ...whyLines(step)]);
  const title = `${advice.environment}: ${users}, by ${advice.source}`;
  return [...bindingLines(advice), ...headroomLines(advice), "", title, ...steps].join("\n");
}

function headOf({ id, verdict, usdPerMonthNow, usdPerMonthAfter }: StepAdvice): readonly string[] {
  const [mark, words] = marks[verdict]();
  return [mark, id, words, verdict === "done" ? "" : usdMove(usdPerMonthNow, usdPerMonthAfter)];
}

/** What is done needs no reason. */
function whyLines(step: StepAdvice): readonly string[] {
  return step.verdict === "done" ? [] : indented(whyOf(step));
}

function headroomLines(advice: Recommendation): readonly string[] {
  return titled("Headroom:", headroomInWords(advice));
}

function bindingLines({ binding, bindingMissing, later, unknown }: Recommendation): readonly string[] {
  const title = "Binding constraint:";
  if (binding === null) return titled(title, `not known (${bindingMissing ?? "no resource was read"})`);
  const named = later.filter(({ ratio, breach }) => ratio >= 1 || breach !== null).slice(0, namedLater);
  const resources = unknown.map((name) => signalOf(name).resource ?? name);
  return [
    ...titled(title, `${binding.resource}: ${atThreshold(binding)}${whenOf(binding)}`),
    ...(named.length === 0 ? [] : indented(`then: ${named.map(shortly).join("; ")}`)),
    ...(unknown.length === 0 ? [] : indented(`not known: ${resources.join(", ")}`)),
  ];
}

function whenOf({ breach }: Constraint): string {
  return breach === null ? "" : `, reached ${inRange(breach)}`;
}

function shortly({ resource, value, threshold, unit, breach }: Constraint): string {
  const level = `${formatValue(value, unit)} of ${formatValue(threshold, unit)}`;
  return `${resource} (${level}${breach === null ? "" : `, ${inRange(breach)}`})`;
}

function titled(title: string, text: string): readonly string[] {
  const [first = "", ...others] = wrapText(`${title} ${text}`, lineWidth - whyIndent.length);
  return [first.replace(title, style.bold(title)), ...others.map((line) => whyIndent + line)];
}

function indented(text: string): readonly string[] {
  return wrapText(text, lineWidth - whyIndent.length).map((line) => style.dim(whyIndent + line));
}
