import { verdictOn, type LimitVerdict } from "./verdict.ts";

interface Window {
  count: number;
  readonly endsAtMs: number;
}

/** Ended windows that one new window clears away: more than one, so that a burst of clients is forgotten after it. */
const clearedAtOnce = 4;

/**
 * Counts by key in windows that begin with their first count, as the counters in Redis do, but in this process: at once,
 * and without a timer for every client.
 */
export class WindowCounter {
  readonly #points: number;
  readonly #windowMs: number;
  readonly #now: () => number;
  /** A Map keeps the order of insertion and all windows are as long, so that those that end first come first. */
  readonly #windows = new Map<string, Window>();

  constructor(
    { points, windowSeconds }: { readonly points: number; readonly windowSeconds: number },
    now: () => number = () => performance.now(),
  ) {
    this.#points = points;
    this.#windowMs = windowSeconds * 1_000;
    this.#now = now;
  }

  /** Windows that are held, ended ones that nothing cleared away yet included. */
  get size(): number {
    return this.#windows.size;
  }

  count(key: string): LimitVerdict {
    const now = this.#now();
    const window = this.#current(key, now) ?? this.#begin(key, now);
    window.count += 1;
    return verdictOn(window.count, this.#points, window.endsAtMs - now);
  }

  /** Takes one back; of a window that ended nothing is left to take back. */
  giveBack(key: string): void {
    const window = this.#current(key, this.#now());
    if (window !== undefined) window.count -= 1;
  }

  clear(key: string): void {
    this.#windows.delete(key);
  }

  #current(key: string, now: number): Window | undefined {
    const window = this.#windows.get(key);
    return window !== undefined && window.endsAtMs > now ? window : undefined;
  }

  #begin(key: string, now: number): Window {
    this.#windows.delete(key);
    let cleared = 0;
    for (const [other, { endsAtMs }] of this.#windows) {
      if (endsAtMs > now || cleared === clearedAtOnce) break;
      this.#windows.delete(other);
      cleared += 1;
    }
    const window = { count: 0, endsAtMs: now + this.#windowMs };
    this.#windows.set(key, window);
    return window;
  }
}
