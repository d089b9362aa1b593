import { middleOf, median, spreadRoundZero, theilSen, type DayValue, type Line } from "./theil-sen.ts";
import { weekOf, type Week } from "./week.ts";

/** Where a series goes, and how sure that is. Distances are shares of what has them, or amounts where values may be 0. */
export interface Trend {
  /** Without the week's ups and downs. */
  readonly at: Line;
  /** What a weekday adds to it; 0 where there is less than two weeks. */
  readonly season: Line;
  /** A level with a distance put on it. */
  readonly moved: (level: number, by: number) => number;
  /** Standard deviation of single days round it. */
  readonly spread: number;
  /** Standard error of the trend itself at a day: it grows with the distance. */
  readonly error: Line;
  /** Standard error of what a weekday adds. */
  readonly seasonError: number;
}

/** With less no weekday was seen twice. */
export const leastTrendDays = 14;
/** Length of a stretch that is looked at by itself to see whether the trend still holds. */
const recentDays = 7;
/** The median of slopes is a little less sure than the slope of least squares, and which stretch holds is not sure either. */
const trendErrorFactor = 1.1;
/** Robust standard errors that the newest week may lie off the trend before it counts as another one. */
const mostOff = 3;
/** One of two curves is the better one when it leaves less than this share of what the other leaves. */
const clearlyLess = 0.9;

/** How distances from a level are told. */
interface Scale {
  readonly of: (value: number) => number;
  readonly to: (scaled: number) => number;
}

/** Shops grow, vary and err by shares. */
const shares: Scale = { of: Math.log, to: Math.exp };
const amounts: Scale = { of: (value) => value, to: (value) => value };

/**
 * A robust trend: Theil–Sen (the median of all slopes), so that some strange days do not bend it, with weekly seasonality.
 * Where the newest week lies off it, the trend is taken of the last four weeks, or two: growth that stalls does not go on.
 * Undefined with less than two weeks.
 */
export function trendOf(values: readonly DayValue[]): Trend | undefined {
  if (values.length < leastTrendDays) return undefined;
  const scale = values.every(({ value }) => value > 0) ? shares : amounts;
  const week = weekIn(values, scale);
  const level = without(values, week, scale);
  const newest = Math.max(...level.map(({ day }) => day));
  const stretches = [Infinity, 28, leastTrendDays].map((days) => level.filter(({ day }) => day > newest - days));
  const fits = stretches.map((stretch) => ({ stretch, curve: curveOf(stretch, scale) }));
  const noise = noiseOf(level.map(({ value }) => scale.of(value)));
  const fit =
    fits.find(({ stretch, curve }) => holds(leftBeside(stretch, curve.at, scale), newest, noise)) ?? fits.at(-1);
  if (fit === undefined) return undefined;
  const { stretch, curve } = fit;
  const spread = spreadOf(leftBeside(stretch, curve.at, scale), week);
  return {
    at: curve.at,
    season: week.of,
    moved: (base, by) => scale.to(scale.of(base) + by),
    spread,
    error: errorOf(fit, spread),
    seasonError: (spread * Math.sqrt(week.parameters)) / Math.sqrt(values.length),
  };
}

/** Taken twice, because the first line still has the week in it. */
function weekIn(values: readonly DayValue[], scale: Scale): Week {
  const first = weekOf(leftBeside(values, curveOf(values, scale).at, scale));
  return weekOf(leftBeside(values, curveOf(without(values, first, scale), scale).at, scale));
}

function without(values: readonly DayValue[], week: Week, { of, to }: Scale): readonly DayValue[] {
  return values.map(({ day, value }) => ({ day, value: to(of(value) - week.of(day)) }));
}

/** A course, and the distance to the other one that may as well be true. */
interface Curve {
  readonly at: Line;
  readonly doubt: Line;
}

/**
 * The straight line or the exponential one, whichever clearly leaves less. Where neither does they are both as good, and go apart
 * later: then it is the middle between them, and the doubt how far either is from there.
 */
function curveOf(values: readonly DayValue[], scale: Scale): Curve {
  const line = theilSen(values);
  const none: Line = () => 0;
  if (scale === amounts) return { at: line, doubt: none };
  const least = median(values.map(({ value }) => value)) / 1_000;
  const straight: Line = (day) => Math.max(least, line(day));
  const logarithms = theilSen(values.map(({ day, value }) => ({ day, value: Math.log(value) })));
  const exponential: Line = (day) => Math.exp(logarithms(day));
  const left = (one: Line): number => median(leftBeside(values, one, scale).map(({ value }) => Math.abs(value)));
  const [ofStraight, ofExponential] = [left(straight), left(exponential)];
  if (ofStraight < clearlyLess * ofExponential) return { at: straight, doubt: none };
  if (ofExponential < clearlyLess * ofStraight) return { at: exponential, doubt: none };
  const middle: Line = (day) => (straight(day) + exponential(day)) / 2;
  return { at: middle, doubt: (day) => Math.abs(exponential(day) - straight(day)) / 2 / middle(day) };
}

function leftBeside(values: readonly DayValue[], at: Line, { of }: Scale): readonly DayValue[] {
  return values.map(({ day, value }) => ({ day, value: of(value) - of(at(day)) }));
}

/** Noise of single days whatever the trend does: from second differences, in which a line leaves nothing. */
function noiseOf(values: readonly number[]): number {
  const bends = values.slice(2).map((value, index) => value - 2 * (values[index + 1] ?? 0) + (values[index] ?? 0));
  return spreadRoundZero(bends) / Math.sqrt(6);
}

function holds(left: readonly DayValue[], newest: number, noise: number): boolean {
  const recent = left.filter(({ day }) => day > newest - recentDays).map(({ value }) => value);
  return Math.abs(middleOf(recent)) <= (mostOff * 1.1 * noise) / Math.sqrt(recent.length);
}

/** Robust standard deviation of what is left, larger for the parameters that were fitted. */
function spreadOf(left: readonly DayValue[], { parameters }: Week): number {
  const free = Math.max(left.length / 3, left.length - 2 - parameters);
  return spreadRoundZero(left.map(({ value }) => value)) * Math.sqrt(left.length / free);
}

function errorOf(
  { stretch, curve }: { readonly stretch: readonly DayValue[]; readonly curve: Curve },
  spread: number,
): Line {
  const mean = stretch.reduce((total, { day }) => total + day, 0) / stretch.length;
  const squares = stretch.reduce((total, { day }) => total + (day - mean) ** 2, 0);
  return (day) => {
    const ofLine = trendErrorFactor * spread * Math.sqrt(1 / stretch.length + (day - mean) ** 2 / squares);
    return Math.hypot(ofLine, curve.doubt(day));
  };
}
