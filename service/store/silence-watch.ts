/** Thrown instead of waiting on: the database answers nobody. */
export class DatabaseSilent extends Error {
  override readonly name = "DatabaseSilent";
}

interface Waiting {
  readonly askedAt: number;
  readonly giveUp: () => void;
}

const lookEveryMs = 100;

/**
 * Ends waits for a database that answers nobody: one whose network swallows everything gives no error, and every request
 * would hang for as long as its connection may. A slow statement beside others that are answered is no silence.
 */
export class SilenceWatch {
  readonly #patienceMs: number;
  readonly #answeredAt: () => number;
  readonly #waiting = new Set<Waiting>();
  #timer: NodeJS.Timeout | undefined;

  /** `answeredAt` tells when the database last answered anything, by performance.now(). */
  constructor(patienceMs: number, answeredAt: () => number) {
    this.#patienceMs = patienceMs;
    this.#answeredAt = answeredAt;
  }

  /** Waits for `work`, or throws DatabaseSilent; `work` itself goes on and is the caller's to clean up after. */
  orGiveUp<T>(work: Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const giveUp = (): void => reject(new DatabaseSilent("the database answers nobody"));
      const waiting = { askedAt: performance.now(), giveUp };
      this.#waiting.add(waiting);
      this.#timer ??= setInterval(() => this.#look(), lookEveryMs);
      const done =
        <A>(settle: (outcome: A) => void) =>
        (outcome: A): void => {
          this.#done(waiting);
          settle(outcome);
        };
      work.then(done(resolve), done(reject));
    });
  }

  #look(): void {
    const now = performance.now();
    for (const waiting of this.#waiting) {
      if (now - Math.max(waiting.askedAt, this.#answeredAt()) < this.#patienceMs) continue;
      waiting.giveUp();
      this.#done(waiting);
    }
  }

  #done(waiting: Waiting): void {
    this.#waiting.delete(waiting);
    if (this.#waiting.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
