import type { Evidence } from "./evidence.ts";
import type { StepAdvice, Verdict } from "./recommend.ts";
import { signalOf } from "./signals.ts";

const wordings: Readonly<Record<Verdict, (step: StepAdvice) => string>> = {
  done: () => "in place",
  due: dueBecause,
  blocked: (step) => `${dueBecause(step)}; first ${step.needs.join(" and ")}`,
  "insufficient-evidence": missingIn,
  "not-yet": nearestIn,
  soon: nearestIn,
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

function dueBecause({ dueBy, phase, evidence }: StepAdvice): string {
  const users = evidence.find(({ signal }) => signal === "users");
  if (dueBy === "users" && users !== undefined) {
    const own = evidence.some((one) => one.signal !== "users" && one.missing !== null)
      ? "not all other signals are known"
      : "no other signal asks for it yet";
    return `due: ${found(users)} (phase ${phase} begins at ${formatValue(users.threshold, users.unit)}); ${own}`;
  }
  const breached = evidence.filter(({ signal, breached }) => breached === "yes" && signal !== "users");
  return `due: ${breached.map(atThreshold).join(", ")}`;
}

/** A finding beside its limit: `88% of the day's mail quota used (threshold 80%)`. */
export function atThreshold(one: Pick<Evidence, "signal" | "value" | "threshold" | "unit">): string {
  return `${found(one)} (threshold ${formatValue(one.threshold, one.unit)})`;
}

function found({ signal, value, unit }: Pick<Evidence, "signal" | "value" | "unit">): string {
  return signalOf(signal).label(formatValue(value ?? 0, unit));
}

function missingIn({ evidence }: StepAdvice): string {
  const missing = evidence.flatMap((one) => (one.missing === null ? [] : [one.missing]));
  return `missing: ${[...new Set(missing)].join("; ")}`;
}

function nearness({ value, threshold }: Evidence): number {
  return (value ?? 0) / threshold;
}

function nearestIn({ evidence }: StepAdvice): string {
  const known = evidence.filter(({ value }) => value !== null);
  const [first, ...others] = known.filter(({ breached }) => breached === "no");
  if (first === undefined) return "nothing asks for it";
  const nearest = others.reduce((best, one) => (nearness(one) > nearness(best) ? one : best), first);
  return `nearest: ${atThreshold(nearest)}`;
}

/** Three digits are as much as any of these measures is good for. */
function round(value: number): string {
  return String(Number(value.toPrecision(3)));
}
