import { spreadRoundZero, type DayValue } from "./theil-sen.ts";

/** What weekdays add to a trend. */
export interface Week {
  readonly of: (day: number) => number;
  /** How many numbers of it were taken from the data: 0 where nothing but chance was seen, 6 where each weekday is its own. */
  readonly parameters: number;
}

const length = 7;
/** The mean of seven weekdays and these waves, each with a height and a time, are those seven numbers again. */
const waves = [1, 2, 3];
/** Distances from the middle, in standard deviations, that a strange day counts with at most. */
const mostOff = 2.5;

/** A week without ups and downs. */
const evenWeek: Week = { of: () => 0, parameters: 0 };

/**
 * The week in what is left beside a trend: its waves of a week, a half and a third, each less the share of its size that may as well be
 * chance. Four weeks of noise show each weekday to be different; of a wave three times as much is known as of a weekday.
 */
export function weekOf(left: readonly DayValue[]): Week {
  const spread = spreadRoundZero(left.map(({ value }) => value));
  const byWeekday = Map.groupBy(left, ({ day }) => weekdayOf(day));
  if (byWeekday.size < length) return evenWeek;
  const means = Array.from({ length }, (_, weekday) => {
    const values = (byWeekday.get(weekday) ?? []).map(({ value }) => held(value, mostOff * spread));
    return values.reduce((total, value) => total + value, 0) / values.length;
  });
  const ownSpread = spreadRoundZero(left.map(({ day, value }) => value - (means[weekdayOf(day)] ?? 0)));
  // A weekday's mean is of a seventh of the days, and takes one day's freedom of them.
  const free = Math.max(1, left.length / length - 1);
  const chance = (ownSpread ** 2 * 2) / length / free;
  const kept = waves.map((wave) => waveIn(means, wave, chance));
  return {
    of: (day) => kept.reduce((total, { at }) => total + at(weekdayOf(day)), 0),
    parameters: kept.reduce((total, { share }) => total + 2 * share, 0),
  };
}

/** One wave of seven values, and the share of it that is kept; `chance` is the variance of each of its two coefficients. */
function waveIn(
  means: readonly number[],
  wave: number,
  chance: number,
): { readonly share: number; readonly at: (weekday: number) => number } {
  const angle = (weekday: number): number => (2 * Math.PI * wave * weekday) / length;
  const along = (turn: (angle: number) => number): number =>
    (2 / length) * means.reduce((total, mean, weekday) => total + mean * turn(angle(weekday)), 0);
  const [cosine, sine] = [along(Math.cos), along(Math.sin)];
  const size = cosine ** 2 + sine ** 2;
  const share = size === 0 ? 0 : Math.max(0, 1 - ((2 * chance) / size) ** 2);
  return {
    share,
    at: (weekday) => share * (cosine * Math.cos(angle(weekday)) + sine * Math.sin(angle(weekday))),
  };
}

function held(value: number, most: number): number {
  return Math.min(most, Math.max(-most, value));
}

function weekdayOf(day: number): number {
  return ((day % length) + length) % length;
}
