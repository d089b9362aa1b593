/** Numbers from 0 up to 1 that follow from a seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface Growth {
  readonly kind: "linear" | "exponential";
  /** Value at `from`, in seconds since 1970. */
  readonly start: number;
  readonly from: number;
  /** Share that a month of 30 days adds; linear growth adds the share of the start. */
  readonly monthly: number;
  /** Standard deviation of single days, as a share. */
  readonly noise: number;
  /** Half of what lies between the best and the worst weekday, as a share. */
  readonly weekly: number;
  readonly seed: number;
}

/** A course with growth, weekly seasonality and noise; the same seed gives the same course. */
export function growth({ kind, start, from, monthly, noise, weekly, seed }: Growth): (at: number) => number {
  const ofDays = new Map<number, number>();
  const ofDay = (day: number): number => {
    const known = ofDays.get(day) ?? noisySeason(day);
    ofDays.set(day, known);
    return known;
  };
  const noisySeason = (day: number): number =>
    (1 + weekly * Math.sin((2 * Math.PI * day) / 7)) * (1 + noise * normal(seed * 1_000_003 + day));
  return (at) => {
    const months = (at - from) / (30 * 86_400);
    const grown = kind === "linear" ? 1 + monthly * months : (1 + monthly) ** months;
    return start * grown * ofDay(Math.floor(at / 86_400));
  };
}

/** A normally distributed number that follows from a seed. */
function normal(seed: number): number {
  const random = seeded(seed);
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
