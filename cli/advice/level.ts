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

/**
 * The windows with too little to judge, as points below every value: a day of nothing else is a quiet day. Alone they count
 * when they make a day, because ten minutes without a search show nothing; beside values once a level is one of days.
 */
export function quietPoints(
  { points, quietAt, windowSeconds, historySeconds }: Omit<Measurement, "signal" | "query" | "lack">,
  besideValuesAfterDays = sustainedDays,
): readonly Point[] {
  const enough =
    points.length === 0
      ? quietAt.length * windowSeconds >= daySeconds
      : historySeconds >= besideValuesAfterDays * daySeconds;
  return enough ? quietAt.map((at) => ({ at, value: -Infinity })) : [];
}

/**
 * The highest level that was reached on three days, wherever days are taken to begin: two days of a weekend, or a spike round
 * midnight, would be on three of some days.
 */
export function sustained(points: readonly Point[], now: number): Point | undefined {
  return lowestOf(points, now)?.level;
}

/** Seconds after `now` at which the days end by which the level is judged. */
export function dayEnd(points: readonly Point[], now: number): number {
  return lowestOf(points, now)?.begin ?? 0;
}

function lowestOf(
  points: readonly Point[],
  now: number,
): { readonly begin: number; readonly level: Point } | undefined {
  const levels = dayBeginnings.flatMap((begin) => {
    const level = sustainedOf(points, now + begin);
    return level === undefined ? [] : [{ begin, level }];
  });
  return levels.toSorted((left, right) => left.level.value - right.level.value)[0];
}

/** Seconds; a night is longer than the six hours between them. */
const dayBeginnings = [0, 6, 12, 18].map((hours) => hours * 3_600);

function sustainedOf(points: readonly Point[], end: number): Point | undefined {
  const days = [...Map.groupBy(points, ({ at }) => Math.floor((end - at) / daySeconds)).values()];
  const peaks = days.flatMap((day) => highest(day).slice(0, 1));
  const candidates = highest(peaks.length < sustainedDays ? points : peaks);
  return candidates[Math.min(sustainedDays, candidates.length) - 1];
}

/** Highest first. */
function highest(points: readonly Point[]): readonly Point[] {
  return points.toSorted((left, right) => right.value - left.value);
}
