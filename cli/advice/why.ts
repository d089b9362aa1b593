import type { Evidence } from "./evidence.ts";
import type { Breach } from "./forecast.ts";
import { inWords } from "./in-words.ts";
import type { StepAdvice, Verdict } from "./recommend.ts";
import { signalOf } from "./signals.ts";

const wordings: Readonly<Record<Verdict, (step: StepAdvice) => string>> = {
  done: () => "in place",
  due: dueBecause,
  blocked: (step) => `${dueBecause(step)}; first ${step.needs.join(" and ")}`,
  "insufficient-evidence": missingIn,
  "not-yet": nearestIn,
  soon: soonBecause,
};

/** Why a step has its verdict, in words for people; one sentence, or a few short ones. */
export function whyOf(step: StepAdvice): string {
  return wordings[step.verdict](step);
}

/** A value in the words of its unit: `47 ms`, `82%`, `8,500`, `3.0 days`. */
export function formatValue(value: number, unit: string): string {
  switch (unit) {
    case "s":
      return value < 1 ? `${round(value * 1_000)} ms` : `${round(value)} s`;
    case "ratio":
      return `${round(value * 100)}%`;
    case "days":
      return `${round(value)} ${value === 1 ? "day" : "days"}`;
    default:
      return Math.round(value).toLocaleString("en-US");
  }
}

function dueBecause(step: StepAdvice): string {
  const users = step.evidence.find(({ signal }) => signal === "users");
  if (step.dueBy === "users" && users !== undefined) return `due: ${byUsers(step, users)}; ${ownEvidence(step)}`;
  const breached = step.evidence.filter(({ signal, breached }) => breached === "yes" && signal !== "users");
  return `due: ${breached.map(atThreshold).join(", ")}${countContradicts(step, users)}`;
}

function byUsers({ phase }: StepAdvice, users: Evidence): string {
  return `${found(users)} (phase ${phase}: ${formatValue(users.threshold, users.unit)})`;
}

/** Where the evidence is all there and contradicts the user count, both are said. */
function ownEvidence({ byEvidence, evidence }: StepAdvice): string {
  if (byEvidence === "unknown") return "not all of its own evidence is known";
  const nearest = nearestOf(evidence.filter(({ signal }) => signal !== "users"));
  return nearest === undefined ? "no other evidence" : `its own evidence says not yet: ${atThreshold(nearest)}`;
}

function countContradicts({ byUsers: truth }: StepAdvice, users: Evidence | undefined): string {
  if (truth !== "no" || users === undefined) return "";
  return `; by users not before ${formatValue(users.threshold, users.unit)}`;
}

/** A finding beside its limit: `88% of the day's mail quota used (threshold 80%)`. */
export function atThreshold(
  one: Pick<Evidence, "signal" | "value" | "threshold" | "unit"> & Partial<Evidence>,
): string {
  const subject = one.subject === null || one.subject === undefined ? "" : `: ${one.subject}`;
  return `${found(one)}${subject} (threshold ${formatValue(one.threshold, one.unit)})`;
}

/** A range of days: `between 2026-12-03 and 2026-12-29`. */
export function inRange({ earliest, latest }: Breach): string {
  if (latest === null) return `not before ${earliest}`;
  return earliest === latest ? `on ${earliest}` : `between ${earliest} and ${latest}`;
}

function found({ signal, value, unit }: Pick<Evidence, "signal" | "value" | "unit">): string {
  return signalOf(signal).label(formatValue(value ?? 0, unit));
}

function soonBecause({ evidence, breach }: StepAdvice): string {
  const next = evidence.find((one) => breach !== null && one.breach?.earliest === breach.earliest);
  if (next === undefined || breach === null) return "soon";
  return `soon: ${found(next)} now, ${formatValue(next.threshold, next.unit)} ${inRange(breach)}`;
}

/** Too little history is said once, however many signals wait for it. */
function missingIn({ evidence }: StepAdvice): string {
  const open = evidence.filter(({ breached }) => breached === "unknown");
  const reasons = open.map((one) =>
    one.value !== null && !one.decides
      ? `${inWords(one.takesSeconds)} of history, there are ${inWords(one.historySeconds)}`
      : (one.missing ?? "nothing is known"),
  );
  return `missing: ${[...new Set(reasons)].join("; ")}`;
}

function nearness({ value, threshold }: Evidence): number {
  return (value ?? 0) / threshold;
}

function nearestOf(evidence: readonly Evidence[]): Evidence | undefined {
  const below = evidence.filter(({ value, breached }) => value !== null && breached === "no");
  return below.toSorted((left, right) => nearness(right) - nearness(left))[0];
}

function nearestIn({ evidence, breach }: StepAdvice): string {
  const nearest = nearestOf(evidence);
  const apart = evidence.filter(({ breached, signal }) => breached === "yes" && signal !== "users");
  if (apart.length > 0 && nearest !== undefined)
    return `${atThreshold(nearest)}, beside ${apart.map(atThreshold).join(", ")}`;
  const { quiet } = evidence.find((one) => one.quiet !== null) ?? {};
  if (nearest === undefined) return quiet ? `too little to ask for it: ${quiet}` : "nothing asks for it";
  return `nearest: ${atThreshold(nearest)}${breach === null ? "" : `; due ${inRange(breach)}`}`;
}

/** Three digits are as much as any of these measures is good for. */
function round(value: number): string {
  return String(Number(value.toPrecision(3)));
}
