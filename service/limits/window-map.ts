/** Bounds the memory, for whoever signs in names the keys: two generations of so many take 15 MiB. */
const maxOfGeneration = 50_000;

/**
 * Windows by key until they end, without a timer for every client. Kept by the time that they began in, and forgotten with all
 * others of that time: to look for those that ended, in a map that much was deleted from, took up to ten times as long as to count.
 * When there are too many, those that were not looked at for longest are forgotten before they end.
 */
export class WindowMap<Window extends { readonly endsAtMs: number }> {
  readonly #longestMs: number;
  readonly #now: () => number;
  #begun = new Map<string, Window>();
  #begunBefore = new Map<string, Window>();
  #since: number;

  /** No window is longer than `longestMs`. */
  constructor(longestMs: number, now: () => number) {
    this.#longestMs = longestMs;
    this.#now = now;
    this.#since = now();
  }

  /** Windows that are held, ended ones that are not forgotten yet included. */
  get size(): number {
    return this.#begun.size + this.#begunBefore.size;
  }

  /** The window that has not ended yet. One that is looked at is not forgotten with those that it began with. */
  get(key: string): Window | undefined {
    const now = this.#now();
    const window = this.#begun.get(key);
    if (window !== undefined) return window.endsAtMs > now ? window : undefined;
    const before = this.#begunBefore.get(key);
    if (before === undefined || before.endsAtMs <= now) return undefined;
    this.#begunBefore.delete(key);
    this.#begun.set(key, before);
    return before;
  }

  begin(key: string, window: Window): Window {
    this.#forget();
    this.#begunBefore.delete(key);
    this.#begun.set(key, window);
    return window;
  }

  delete(key: string): void {
    this.#begun.delete(key);
    this.#begunBefore.delete(key);
  }

  /** What began before the last `longestMs` has ended. */
  #forget(): void {
    const now = this.#now();
    const heldForMs = now - this.#since;
    if (heldForMs < this.#longestMs && this.#begun.size < maxOfGeneration) return;
    this.#begunBefore = heldForMs < 2 * this.#longestMs ? this.#begun : new Map();
    this.#begun = new Map();
    this.#since = now;
  }
}
