import type { SignalName, Trigger } from "../phases/step.ts";
import { forecastOf, type Breach } from "./forecast.ts";
import { levelOf, quietPoints } from "./level.ts";
import type { Measurement, Measurements, Point } from "./measurement.ts";
import { signalOf } from "./signals.ts";
import { conditionsOf, isShort, lackOf, truthOf, type Truth } from "./truth.ts";

/** One condition of a step beside what was found, as `recommend --json` gives it. */
export interface Evidence {
  readonly signal: SignalName;
  /** What was asked. */
  readonly query: string;
  /** Of one value; 0 for what is read at one moment. */
  readonly windowSeconds: number;
  /** Time that was looked at, and how much of it a verdict takes. */
  readonly historySeconds: number;
  readonly takesSeconds: number;
  /** The level (`cli/advice/level.ts`); null when it is not known, `missing` says why, and when there was too little to judge. */
  readonly value: number | null;
  /** What there was too little of, on so many days that it cannot be over: `fewer than 20 searches`; else null. */
  readonly quiet: string | null;
  /** Whether the value may be judged: false when there is too little history for it. */
  readonly decides: boolean;
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
  /** When it will be; null when it is, when nothing says so, or not within a year. */
  readonly breach: Breach | null;
  /** Why there is no forecast; null where there is one. */
  readonly forecastMissing: string | null;
  /** The metric that is missing, or how much history there is and how much it takes; null when the value is whole. */
  readonly missing: string | null;
}

/** The evidence of a trigger, that of the condition which must hold with it behind. */
export function evidenceOf(trigger: Trigger, measurements: Measurements): readonly Evidence[] {
  return conditionsOf(trigger).map((condition) => evidence(condition, measurements));
}

function evidence({ signal, atLeast, source }: Trigger, measurements: Measurements): Evidence {
  const measurement = measurements.of.get(signal);
  const level = measurement && measurement.lack?.leaves !== "nothing" && levelWithQuiet(measurement, measurements.now);
  const isQuiet = level && level.value === -Infinity;
  const breached = truthOf({ signal, atLeast, source }, measurements);
  const { breach, missing } = ahead(measurement, atLeast, measurements.now);
  return {
    signal,
    query: measurement?.query ?? "",
    windowSeconds: measurement?.windowSeconds ?? 0,
    historySeconds: measurement?.historySeconds ?? 0,
    takesSeconds:
      measurement === undefined || measurement.signal.over === "host" ? 0 : measurement.signal.leastHistorySeconds,
    value: level && !isQuiet ? level.value : null,
    quiet: isQuiet ? quietOf(measurement) : null,
    decides: measurement !== undefined && !isShort(measurement),
    at: level && !isQuiet ? new Date(level.at * 1_000).toISOString() : null,
    subject: measurement?.subject ?? null,
    threshold: atLeast,
    unit: signalOf(signal).unit,
    source,
    breached,
    breach: breached === "yes" ? null : breach,
    forecastMissing: missing,
    missing: lackOf(measurement),
  };
}

function levelWithQuiet(measurement: Measurement, now: number): Point | undefined {
  const points = [...measurement.points, ...quietPoints(measurement)];
  return levelOf({ signal: measurement.signal, points }, now);
}

function quietOf({ signal }: Measurement): string {
  return (signal.over === "host" ? undefined : signal.quiet) ?? "too little to judge";
}

function ahead(
  measurement: Measurement | undefined,
  threshold: number,
  now: number,
): { readonly breach: Breach | null; readonly missing: string | null } {
  const forecast =
    measurement === undefined ? { missing: "it was not measured" } : measurementForecast(measurement, now);
  if ("missing" in forecast) return { breach: null, missing: forecast.missing };
  return { breach: forecast.breachOf(threshold) ?? null, missing: null };
}

const known = new WeakMap<Measurement, ReturnType<typeof forecastOf>>();

/** A trend is some thousand slopes, and several thresholds ask for the same one. */
function measurementForecast(measurement: Measurement, now: number): ReturnType<typeof forecastOf> {
  const forecast = known.get(measurement) ?? forecastOf(measurement, now);
  known.set(measurement, forecast);
  return forecast;
}
