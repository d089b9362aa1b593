/** A value of a day; days are numbers, 0 is today, the past is negative. */
export interface DayValue {
  readonly day: number;
  readonly value: number;
}

/** Where a series goes, and how sure that is. */
export interface Trend {
  /** Without the week's ups and downs. */
  readonly at: (day: number) => number;
  /** What a weekday adds to it; 0 where there is less than two weeks. */
  readonly season: (day: number) => number;
  /** Standard deviation of single days round it, at the level that it was taken from. */
  readonly spread: number;
  /** That level. */
  readonly level: number;
  /** Standard error of the trend itself at a day: it grows with the distance. */
  readonly error: (day: number) => number;
  /** Standard error of what a weekday adds. */
  readonly seasonError: number;
}

/** With less no weekday was seen twice. */
export const leastTrendDays = 14;
/** Length of a stretch that is looked at by itself to see whether the trend still holds. */
const recentDays = 7;
/** The slope of medians is less sure than that of a least-squares line, and which stretch holds is not sure either. */
const trendErrorFactor = 1.3;
/** Robust standard errors that the newest week may lie off the trend before it counts as another one. */
const mostOff = 3;
const week = 7;

/**
 * A robust trend: Theil–Sen (the median of all slopes), so that some strange days do not bend it, with weekly seasonality.
 * Where the newest week lies off it, the trend is taken of the last four weeks, or two: growth that stalls does not go on.
 * Undefined with less than two weeks.
 */
export function trendOf(values: readonly DayValue[]): Trend | undefined {
  if (values.length < leastTrendDays) return undefined;
  const { season, seasons } = seasonOf(values);
  const noise = noiseOf(values.map(({ day, value }) => value - season(day)));
  const level = values.map(({ day, value }) => ({ day, value: value - season(day) }));
  const newest = Math.max(...level.map(({ day }) => day));
  const stretches = [Infinity, 28, leastTrendDays].map((days) => level.filter(({ day }) => day > newest - days));
  const fits = stretches.map((stretch) => ({ stretch, line: lineOf(stretch) }));
  const fit = fits.find(({ stretch, line }) => holds(stretch, line, { newest, noise })) ?? fits.at(-1);
  if (fit === undefined) return undefined;
  const spread = spreadOf(fit.stretch, fit.line, seasons);
  const seasonError = (spread * Math.sqrt(seasons)) / Math.sqrt(values.length);
  const middle = median(fit.stretch.map(({ value }) => value));
  return { at: fit.line, season, spread, level: middle, error: errorOf(fit.stretch, spread), seasonError };
}

type Line = (day: number) => number;

/**
 * Median by weekday of what is left beside a line, taken twice because the first line still has the seasons in it. What may as
 * well be chance is taken back in proportion: a few noisy weeks would else promise a pattern.
 */
function seasonOf(values: readonly DayValue[]): { readonly season: Line; readonly seasons: number } {
  let byWeekday = new Map<number, number>();
  const season: Line = (day) => byWeekday.get(weekdayOf(day)) ?? 0;
  for (let round = 0; round < 2; round += 1) {
    const without = values.map(({ day, value }) => ({ day, value: value - season(day) }));
    const line = lineOf(without);
    const groups = Map.groupBy(values, ({ day }) => weekdayOf(day));
    const medians = [...groups].map(([weekday, days]) => {
      return [weekday, median(days.map(({ day, value }) => value - line(day)))] as const;
    });
    byWeekday = shrunk(medians, values, line);
  }
  return { season, seasons: byWeekday.size };
}

/** Effects of weekdays round zero, less the share of their variance that is chance. */
function shrunk(
  medians: readonly (readonly [number, number])[],
  values: readonly DayValue[],
  line: Line,
): Map<number, number> {
  const mean = medians.reduce((total, [, value]) => total + value, 0) / medians.length;
  const effects = new Map(medians.map(([weekday, value]) => [weekday, value - mean]));
  const left = values.map(({ day, value }) => Math.abs(value - line(day) - (effects.get(weekdayOf(day)) ?? 0)));
  const variance =
    [...effects.values()].reduce((total, effect) => total + effect ** 2, 0) / Math.max(1, effects.size - 1);
  const chance = (1.25 * 1.4826 * median(left)) ** 2 / (values.length / effects.size);
  const kept = variance === 0 ? 0 : Math.max(0, 1 - chance / variance);
  return new Map([...effects].map(([weekday, effect]) => [weekday, effect * kept]));
}

function weekdayOf(day: number): number {
  return ((day % week) + week) % week;
}

/** The straight line, or the exponential one where that leaves clearly less: shops grow by shares. */
function lineOf(values: readonly DayValue[]): Line {
  const straight = theilSen(values);
  if (values.some(({ value }) => value <= 0)) return straight;
  const logarithms = theilSen(values.map(({ day, value }) => ({ day, value: Math.log(value) })));
  const exponential: Line = (day) => Math.exp(logarithms(day));
  const left = (line: Line): number => median(values.map(({ day, value }) => Math.abs(value - line(day))));
  return left(exponential) < 0.9 * left(straight) ? exponential : straight;
}

function theilSen(values: readonly DayValue[]): Line {
  const slopes = values.flatMap((left, index) =>
    values.slice(index + 1).map((right) => (right.value - left.value) / (right.day - left.day)),
  );
  const slope = slopes.length === 0 ? 0 : median(slopes);
  const start = median(values.map(({ day, value }) => value - slope * day));
  return (day) => start + slope * day;
}

/** Noise of single days whatever the trend does: from second differences, in which a line leaves nothing. */
function noiseOf(values: readonly number[]): number {
  const bends = values.slice(2).map((value, index) => value - 2 * (values[index + 1] ?? 0) + (values[index] ?? 0));
  return (1.4826 * median(bends.map(Math.abs))) / Math.sqrt(6);
}

function holds(
  values: readonly DayValue[],
  line: Line,
  { newest, noise }: { readonly newest: number; readonly noise: number },
): boolean {
  const recent = values.filter(({ day }) => day > newest - recentDays).map(({ day, value }) => value - line(day));
  return Math.abs(median(recent)) <= (mostOff * 1.25 * noise) / Math.sqrt(recent.length);
}

/** Robust standard deviation of what is left, larger for the parameters that were fitted. */
function spreadOf(values: readonly DayValue[], line: Line, seasons: number): number {
  const left = values.map(({ day, value }) => Math.abs(value - line(day)));
  // Medians follow their few days more closely than means do: each weekday takes more than one day's freedom.
  const free = Math.max(values.length / 3, values.length - 2 - 1.5 * seasons);
  return 1.4826 * median(left) * Math.sqrt(values.length / free);
}

function errorOf(values: readonly DayValue[], spread: number): Line {
  const mean = values.reduce((total, { day }) => total + day, 0) / values.length;
  const squares = values.reduce((total, { day }) => total + (day - mean) ** 2, 0);
  return (day) => trendErrorFactor * spread * Math.sqrt(1 / values.length + (day - mean) ** 2 / squares);
}

/** The mean of the two in the middle where there are two. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const [low = NaN, high = NaN] = [
    sorted[Math.floor((sorted.length - 1) / 2)],
    sorted[Math.ceil((sorted.length - 1) / 2)],
  ];
  return (low + high) / 2;
}
