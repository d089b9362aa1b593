/** Ended windows that one new window clears away: more than one, so that a burst of clients is forgotten after it. */
const clearedAtOnce = 4;

/** Windows by key until they end, without a timer for every client. None lasts longer than those after it by much. */
export class WindowMap<Window extends { readonly endsAtMs: number }> {
  readonly #now: () => number;
  /** A Map keeps the order of insertion and all windows are about as long, so that those that end first come first. */
  readonly #windows = new Map<string, Window>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Windows that are held, ended ones that nothing cleared away yet included. */
  get size(): number {
    return this.#windows.size;
  }

  /** The window that has not ended yet. */
  get(key: string): Window | undefined {
    const window = this.#windows.get(key);
    return window !== undefined && window.endsAtMs > this.#now() ? window : undefined;
  }

  begin(key: string, window: Window): Window {
    const now = this.#now();
    this.#windows.delete(key);
    let cleared = 0;
    for (const [other, { endsAtMs }] of this.#windows) {
      if (endsAtMs > now || cleared === clearedAtOnce) break;
      this.#windows.delete(other);
      cleared += 1;
    }
    this.#windows.set(key, window);
    return window;
  }

  delete(key: string): void {
    this.#windows.delete(key);
  }
}
