import type { Measurement, Point } from "./measurement.ts";

const daySeconds = 86_400;
/** The days that a level is judged by: every weekday once. */
export const judgedDays = 7;
/** A spike, even one round midnight, is on two days at most. */
export const sustainedDays = 3;

/**
 * The point that gives a signal its level; undefined without one. Of a `window` it is the value that was reached on three of
 * the last seven days, or, with less than three days of history, in three windows; of an `instant` the newest; of an `event` the worst.
 */
export function levelOf({ signal, points }: Pick<Measurement, "signal" | "points">, now: number): Point | undefined {
  if (signal.over === "instant" || signal.over === "host") return points.at(-1);
  const judged = points.filter(({ at }) => now - at < judgedDays * daySeconds);
  return signal.over === "event" ? highest(judged)[0] : sustained(judged, now);
}

/** The highest level that was reached on three days, the days counted back from `now`. */
export function sustained(points: readonly Point[], now: number): Point | undefined {
  const days = [...Map.groupBy(points, ({ at }) => Math.floor((now - at) / daySeconds)).values()];
  const peaks = days.flatMap((day) => highest(day).slice(0, 1));
  const candidates = highest(peaks.length < sustainedDays ? points : peaks);
  return candidates[Math.min(sustainedDays, candidates.length) - 1];
}

/** Highest first. */
function highest(points: readonly Point[]): readonly Point[] {
  return points.toSorted((left, right) => right.value - left.value);
}
