import type { Trigger } from "../phases/step.ts";
import { inWords } from "./in-words.ts";
import { levelOf, quietPoints, sustained, sustainedDays } from "./level.ts";
import type { Measurement, Measurements, Point } from "./measurement.ts";

/** Yes, no, or not known: a trigger whose metric is missing is neither due nor not due. */
export type Truth = "yes" | "no" | "unknown";

/** The least and the most that a trigger's score can be in one window; 1 and more is a breach. */
interface Score {
  readonly at: number;
  readonly least: number;
  readonly most: number;
}

/**
 * Whether a trigger holds, sustained. With `onlyWith` both conditions must hold in the same windows: busy at noon and slow at
 * midnight is neither. What is not known of a window may be anything, so it can neither make a breach nor rule it out.
 */
export function truthOf(trigger: Trigger, measurements: Measurements): Truth {
  const conditions = conditionsOf(trigger);
  const quietAfterDays = conditions.length === 1 ? sustainedDays : 0;
  const scores = conditions.map((condition) => scoresOf(condition, measurements, quietAfterDays));
  const [own = []] = scores;
  const joint = conditions.length === 1 ? own : together(scores);
  if (joint.length === 0) return "unknown";
  const least = levelOfScores(trigger, joint, "least", measurements);
  if (least >= 1) return "yes";
  return levelOfScores(trigger, joint, "most", measurements) >= 1 ? "unknown" : "no";
}

/** A trigger and the conditions that must hold with it. */
export function conditionsOf(trigger: Trigger): readonly Trigger[] {
  return trigger.onlyWith === undefined ? [trigger] : [trigger, ...conditionsOf(trigger.onlyWith)];
}

/** Why a measurement cannot show that something is not due; null when it can. */
export function lackOf(measurement: Measurement | undefined): string | null {
  if (measurement === undefined) return "it was not measured";
  const { signal, points, lack } = measurement;
  if (lack !== null) return lack.why;
  if (signal.over === "host") return points.length === 0 ? `no ${signal.source}` : null;
  if (isShort(measurement)) return shortHistory(measurement);
  if (points.length > 0 || quietPoints(measurement).length > 0) return null;
  const named = `${signal.needs.join(", ")}: ${signal.quiet ?? "no value"} in every window`;
  return measurement.quietAt.length === 0 ? named : `${named}, and less than a day of them`;
}

/** Whether there is too little history to judge by. */
export function isShort({ signal, historySeconds }: Measurement): boolean {
  return signal.over !== "host" && historySeconds < signal.leastHistorySeconds;
}

function shortHistory({ signal, historySeconds }: Measurement): string {
  const least = signal.over === "host" ? 0 : signal.leastHistorySeconds;
  const metrics = signal.over === "host" ? signal.name : signal.needs.join(", ");
  return `${metrics}: ${inWords(historySeconds)} of history, it takes ${inWords(least)}`;
}

/** Too little history says nothing yet; a lower bound leaves open how much more it is. */
function scoresOf(
  { signal: name, atLeast }: Trigger,
  measurements: Measurements,
  quietAfterDays: number,
): readonly Score[] {
  const measurement = measurements.of.get(name);
  if (measurement === undefined) return [];
  const { points, lack } = measurement;
  if (isShort(measurement) || lack?.leaves === "nothing") return [];
  return [...points, ...quietPoints(measurement, quietAfterDays)].map(({ at, value }) => ({
    at,
    least: value / atLeast,
    most: lack === null ? value / atLeast : Infinity,
  }));
}

/** The lower of all conditions window by window; what is not known of a window may be anything. */
function together(conditions: readonly (readonly Score[])[]): readonly Score[] {
  const indexed = conditions.map((scores) => new Map(scores.map((score) => [score.at, score])));
  const times = [...new Set(conditions.flatMap((scores) => scores.map(({ at }) => at)))].toSorted((a, b) => a - b);
  return times.map((at) => {
    const scores = indexed.map((byTime) => byTime.get(at) ?? anything);
    return {
      at,
      least: Math.min(...scores.map(({ least }) => least)),
      most: Math.min(...scores.map(({ most }) => most)),
    };
  });
}

const anything = { least: -Infinity, most: Infinity };

function levelOfScores(
  { signal, onlyWith }: Trigger,
  scores: readonly Score[],
  bound: "least" | "most",
  { now, of }: Measurements,
): number {
  const points: readonly Point[] = scores.map((score) => ({ at: score.at, value: score[bound] }));
  const measurement = of.get(signal);
  const level =
    onlyWith === undefined && measurement !== undefined
      ? levelOf({ signal: measurement.signal, points }, now)
      : sustained(
          points.filter(({ at }) => now - at < 7 * 86_400),
          now,
        );
  return level?.value ?? -Infinity;
}
