/**
 * Passes on what comes at most once in `everyMs`, the newest of it, with the number of times that something came since the
 * last one: a Redis in trouble makes thousands of errors a second.
 */
export function saySeldom<T>(
  everyMs: number,
  say: (what: T, times: number) => void,
  now: () => number = () => performance.now(),
): (what: T) => void {
  let saidAt = Number.NEGATIVE_INFINITY;
  let times = 0;
  return (what) => {
    times += 1;
    if (now() - saidAt < everyMs) return;
    saidAt = now();
    say(what, times);
    times = 0;
  };
}
