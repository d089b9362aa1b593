import { verdictOn, type LimitVerdict } from "./verdict.ts";
import { WindowMap } from "./window-map.ts";

interface Window {
  count: number;
  readonly endsAtMs: number;
}

/** Counts by key in windows that begin with their first count, as the counters in Redis do, but in this process: at once. */
export class WindowCounter {
  readonly #points: number;
  readonly #windowMs: number;
  readonly #now: () => number;
  readonly #windows: WindowMap<Window>;

  constructor(
    { points, windowSeconds }: { readonly points: number; readonly windowSeconds: number },
    now: () => number = () => performance.now(),
  ) {
    this.#points = points;
    this.#windowMs = windowSeconds * 1_000;
    this.#now = now;
    this.#windows = new WindowMap(this.#windowMs, now);
  }

  /** Windows that are held, ended ones that are not forgotten yet included. */
  get size(): number {
    return this.#windows.size;
  }

  count(key: string): LimitVerdict {
    const now = this.#now();
    const window = this.#windows.get(key) ?? this.#windows.begin(key, { count: 0, endsAtMs: now + this.#windowMs });
    window.count += 1;
    return verdictOn(window.count, this.#points, window.endsAtMs - now);
  }

  /** Takes one back; of a window that ended nothing is left to take back. */
  giveBack(key: string): void {
    const window = this.#windows.get(key);
    if (window !== undefined) window.count -= 1;
  }

  clear(key: string): void {
    this.#windows.delete(key);
  }
}
