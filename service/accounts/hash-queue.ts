/** Thrown instead of queueing when too many passwords are being hashed; answered with 503 and Retry-After. */
export class PasswordsBusy extends Error {
  readonly retryAfterSeconds = 2;
}

export interface HashQueueOptions {
  readonly atOnce: number;
  /** How many may wait for one of those places. */
  readonly maxWaiting: number;
  /** Results that are handed over together, while others wait for their hash. */
  readonly together: number;
}

/**
 * Runs password hashes, a few at once. A hash empties the processor's caches, so that what a request does once its password is
 * checked takes three times as long after each as it does in a row: while others wait, results are handed over several at a time.
 */
export class HashQueue {
  readonly #options: HashQueueOptions;
  #running = 0;
  readonly #waiting: (() => void)[] = [];
  #held: (() => void)[] = [];

  constructor(options: HashQueueOptions) {
    this.#options = options;
  }

  /** Throws PasswordsBusy when as many wait as may. */
  async run<T>(hash: () => Promise<T>): Promise<T> {
    await this.#place();
    try {
      return await hash();
    } finally {
      this.#passOn();
      await this.#handOver();
    }
  }

  async #place(): Promise<void> {
    const { atOnce, maxWaiting } = this.#options;
    if (this.#running < atOnce) {
      this.#running += 1;
      return;
    }
    if (this.#waiting.length >= maxWaiting) throw new PasswordsBusy("too many passwords are being hashed");
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** The one that ends hands its place over, so that nobody can take it in between. */
  #passOn(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#running -= 1;
    else next();
  }

  /** Whoever is held is let go at the latest when nobody waits any more: each that waits ends here as well. */
  async #handOver(): Promise<void> {
    if (this.#waiting.length > 0 && this.#held.length + 1 < this.#options.together) {
      await new Promise<void>((resolve) => this.#held.push(resolve));
      return;
    }
    const held = this.#held;
    this.#held = [];
    for (const letGo of held) letGo();
  }
}
