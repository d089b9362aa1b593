import { InFlight } from "../in-flight.ts";

/** Thrown instead of waiting on: the database answers nobody. */
export class DatabaseSilent extends Error {
  override readonly name = "DatabaseSilent";

  constructor() {
    super("the database answers nobody");
  }
}

type GiveUp = (silence: DatabaseSilent) => void;

interface Wait {
  readonly askedAt: number;
  readonly giveUp: GiveUp;
}

const lookEveryMs = 100;

/**
 * Ends waits for a database that answers nobody: one whose network swallows everything gives no error, and every request
 * would hang for as long as its connection may. A slow statement beside others that are answered is no silence.
 */
export class SilenceWatch {
  readonly #patienceMs: number;
  readonly #answeredAt: () => number;
  readonly #waits = new InFlight<Wait>();
  #timer: NodeJS.Timeout | undefined;

  /** `answeredAt` tells when the database last answered anything, by performance.now(). */
  constructor(patienceMs: number, answeredAt: () => number) {
    this.#patienceMs = patienceMs;
    this.#answeredAt = answeredAt;
  }

  /** Watches a wait until it is ended by what this gives; `giveUp` does not end it, and may be told again. */
  begin(giveUp: GiveUp): number {
    this.#timer ??= setInterval(() => this.#look(), lookEveryMs);
    return this.#waits.begin({ askedAt: performance.now(), giveUp });
  }

  /** Once for every wait. */
  end(wait: number): void {
    this.#waits.end(wait);
  }

  /** Waits for `work`, or throws DatabaseSilent; `work` itself goes on and is the caller's to clean up after. */
  orGiveUp<T>(work: Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const wait = this.begin(reject);
      const ended =
        <A>(settle: (outcome: A) => void) =>
        (outcome: A): void => {
          this.end(wait);
          settle(outcome);
        };
      work.then(ended(resolve), ended(reject));
    });
  }

  #look(): void {
    const now = performance.now();
    let silence: DatabaseSilent | undefined;
    for (const { askedAt, giveUp } of this.#waits.all()) {
      if (now - Math.max(askedAt, this.#answeredAt()) >= this.#patienceMs) giveUp((silence ??= new DatabaseSilent()));
    }
    if (this.#waits.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
