import type { SignalName, Trigger } from "../phases/step.ts";
import { levelOf } from "./level.ts";
import type { Measurements } from "./measurement.ts";
import { signalOf } from "./signals.ts";
import { conditionsOf, lackOf, truthOf, type Truth } from "./truth.ts";

/** One condition of a step beside what was found, as `recommend --json` gives it. */
export interface Evidence {
  readonly signal: SignalName;
  /** What was asked. */
  readonly query: string;
  /** Of one value; 0 for what is read at one moment. */
  readonly windowSeconds: number;
  /** Time that was looked at. */
  readonly historySeconds: number;
  /** The level (`cli/advice/level.ts`); null when it is not known: `missing` says why. */
  readonly value: number | null;
  /** ISO 8601: end of the window that gave the level. */
  readonly at: string | null;
  /** What the value is about, where the signal names it: the statement, the table. */
  readonly subject: string | null;
  readonly threshold: number;
  readonly unit: string;
  /** Where the threshold comes from. */
  readonly source: string;
  /** Of this condition alone. */
  readonly breached: Truth;
  /** The metric that is missing, or how much history there is and how much it takes; null when the value is whole. */
  readonly missing: string | null;
}

/** The evidence of a trigger, that of the condition which must hold with it behind. */
export function evidenceOf(trigger: Trigger, measurements: Measurements): readonly Evidence[] {
  return conditionsOf(trigger).map((condition) => evidence(condition, measurements));
}

function evidence({ signal, atLeast, source }: Trigger, measurements: Measurements): Evidence {
  const measurement = measurements.of.get(signal);
  const level = measurement && measurement.lack?.leaves !== "nothing" && levelOf(measurement, measurements.now);
  return {
    signal,
    query: measurement?.query ?? "",
    windowSeconds: measurement?.windowSeconds ?? 0,
    historySeconds: measurement?.historySeconds ?? 0,
    value: level ? level.value : null,
    at: level ? new Date(level.at * 1_000).toISOString() : null,
    subject: measurement?.subject ?? null,
    threshold: atLeast,
    unit: signalOf(signal).unit,
    source,
    breached: truthOf({ signal, atLeast, source }, measurements),
    missing: lackOf(measurement),
  };
}
