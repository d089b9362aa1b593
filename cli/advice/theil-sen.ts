/** A value of a day; days are numbers, 0 is today, the past is negative. */
export interface DayValue {
  readonly day: number;
  readonly value: number;
}

/** A value for any day. */
export type Line = (day: number) => number;

/** The median of all slopes, through the middle of all pairs: as sure as least squares to a twentieth, and some strange days do not bend it. */
export function theilSen(values: readonly DayValue[]): Line {
  const pairs = values.flatMap((left, index) => values.slice(index + 1).map((right) => ({ left, right })));
  const slopes = pairs.map(({ left, right }) => (right.value - left.value) / (right.day - left.day));
  const slope = slopes.length === 0 ? 0 : median(slopes);
  const start = middleOf(values.map(({ day, value }) => value - slope * day));
  return (day) => start + slope * day;
}

/** Hodges–Lehmann: the median of the means of all pairs, each value with itself included. */
export function middleOf(values: readonly number[]): number {
  return median(values.flatMap((left, index) => values.slice(index).map((right) => (left + right) / 2)));
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

/** Standard deviation by the median of the distances from 0, which strange values do not reach. */
export function spreadRoundZero(values: readonly number[]): number {
  return 1.4826 * median(values.map(Math.abs));
}
