import { nextArrivalMs, type Random } from "./random.ts";

/** Arrivals that come whether or not earlier ones were served. */
export interface Arrivals {
  /** From now on at this rate; 0 is none. */
  readonly setRate: (ratePerSecond: number) => void;
  readonly stop: () => void;
}

/** Arrivals due while the process could not run are made at once, each with the time that it was due at. */
export function startArrivals(options: {
  readonly random: Random;
  readonly ratePerSecond: number;
  /** Gets the `performance.now()` that the arrival was scheduled for. */
  readonly arrive: (scheduledAt: number) => void;
}): Arrivals {
  const { random, arrive } = options;
  let ratePerSecond = 0;
  let due = Infinity;
  let timer: NodeJS.Timeout | undefined;
  const wait = (): void => {
    timer = due === Infinity ? undefined : setTimeout(run, Math.max(0, due - performance.now()));
  };
  const run = (): void => {
    const now = performance.now();
    while (due <= now) {
      const scheduledAt = due;
      due += nextArrivalMs(random, ratePerSecond);
      arrive(scheduledAt);
    }
    wait();
  };
  const setRate = (rate: number): void => {
    clearTimeout(timer);
    ratePerSecond = rate;
    due = rate > 0 ? performance.now() + nextArrivalMs(random, rate) : Infinity;
    wait();
  };
  setRate(options.ratePerSecond);
  return { setRate, stop: () => setRate(0) };
}
