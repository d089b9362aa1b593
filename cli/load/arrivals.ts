import { nextArrivalMs, type Random } from "./random.ts";

/** Arrivals that come whether or not earlier ones were served. */
export interface Arrivals {
  stop(): void;
}

/** Arrivals due while the process could not run are made at once, each with the time that it was due at. */
export function startArrivals(options: {
  readonly random: Random;
  readonly ratePerSecond: number;
  /** Gets the `performance.now()` that the arrival was scheduled for. */
  readonly arrive: (scheduledAt: number) => void;
}): Arrivals {
  const { random, ratePerSecond, arrive } = options;
  let due = performance.now() + nextArrivalMs(random, ratePerSecond);
  let timer: NodeJS.Timeout | undefined;

  const run = (): void => {
    const now = performance.now();
    while (due <= now) {
      const scheduledAt = due;
      due += nextArrivalMs(random, ratePerSecond);
      arrive(scheduledAt);
    }
    timer = setTimeout(run, Math.max(0, due - performance.now()));
  };
  timer = setTimeout(run, Math.max(0, due - performance.now()));
  return { stop: () => clearTimeout(timer) };
}
