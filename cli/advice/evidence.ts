import type { SignalName, Trigger } from "../phases/step.ts";
import { signalOf, type Measurements } from "./signals.ts";

/** Yes, no, or not known: a trigger whose metric is missing is neither due nor not due. */
export type Truth = "yes" | "no" | "unknown";

/** One condition of a step beside what was found, as `recommend --json` gives it. */
export interface Evidence {
  readonly signal: SignalName;
  /** What a Prometheus would be asked for the value. */
  readonly query: string;
  /** 0 for what is read at one moment. */
  readonly windowSeconds: number;
  /** Null when it is not known: `missing` says why. */
  readonly value: number | null;
  readonly threshold: number;
  readonly unit: string;
  /** Where the threshold comes from. */
  readonly source: string;
  readonly breached: Truth;
  /** The metric that is missing, and what there is and is needed; null when the value is whole. */
  readonly missing: string | null;
}

/** The evidence of a trigger, that of the condition which must hold with it behind. */
export function evidenceOf(trigger: Trigger, measurements: Measurements): readonly Evidence[] {
  const own = compare(trigger, measurements);
  return trigger.onlyWith === undefined ? [own] : [own, ...evidenceOf(trigger.onlyWith, measurements)];
}

/** Kleene's three-valued "and" over a trigger and the condition which must hold with it. */
export function truthOf(trigger: Trigger, measurements: Measurements): Truth {
  const own = compare(trigger, measurements).breached;
  const other = trigger.onlyWith === undefined ? "yes" : truthOf(trigger.onlyWith, measurements);
  if (own === "no" || other === "no") return "no";
  return own === "yes" && other === "yes" ? "yes" : "unknown";
}

function compare({ signal, atLeast, source }: Trigger, measurements: Measurements): Evidence {
  const measured = measurements.get(signal);
  const { unit } = signalOf(signal);
  const asked = { signal, query: measured?.query ?? "", windowSeconds: measured?.windowSeconds ?? 0 };
  const reading = measured?.reading ?? { missing: `${signal} was not measured` };
  const against = { threshold: atLeast, unit, source };
  if ("missing" in reading) return { ...asked, value: null, ...against, breached: "unknown", missing: reading.missing };
  const { value, lowerBound = null } = reading;
  const below = lowerBound === null ? "no" : "unknown";
  return { ...asked, value, ...against, breached: value >= atLeast ? "yes" : below, missing: lowerBound };
}
