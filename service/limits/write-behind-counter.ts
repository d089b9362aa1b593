import type { Counting, SharedCount, SharedCounter } from "./shared-counter.ts";
import { verdictOn, type LimitVerdict } from "./verdict.ts";
import { WindowMap } from "./window-map.ts";

/** What Redis said last of a window, and what was counted here since; of one that begins here, what it most likely says. */
interface KnownWindow {
  count: number;
  endsAtMs: number;
  /** One was let through whose count has not come back. */
  isUnderWay: boolean;
}

/** Of the limit: below it a verdict is given before the count is known. */
const aheadBelow = 0.5;

/**
 * Counts in Redis, without waiting for it where that changes nothing: whoever was below half the limit at the last count, or
 * was not counted here in this window, gets one verdict at once, while the count is on its way; a second one meanwhile waits.
 * So a shopper who browses does not wait for Redis, and who comes near the limit is counted exactly. A process lets one more
 * through in a window, and only when the limit was used up elsewhere since it counted last. For limits of some size that
 * nothing is given back of; what guards accounts is counted first.
 */
export class WriteBehindCounter {
  readonly #shared: Pick<SharedCounter, "begin" | "count">;
  readonly #points: number;
  readonly #windowMs: number;
  readonly #now: () => number;
  readonly #known: WindowMap<KnownWindow>;

  constructor(
    shared: Pick<SharedCounter, "begin" | "count">,
    { points, windowSeconds }: { readonly points: number; readonly windowSeconds: number },
    now: () => number = () => performance.now(),
  ) {
    this.#shared = shared;
    this.#points = points;
    this.#windowMs = windowSeconds * 1_000;
    this.#now = now;
    this.#known = new WindowMap(this.#windowMs, now);
  }

  /** Undefined when Redis does not answer. */
  count(key: string): LimitVerdict | Promise<LimitVerdict | undefined> {
    const known = this.#known.get(key) ?? this.#begin(key, 0, this.#windowMs);
    if (known.isUnderWay || known.count >= this.#points * aheadBelow) {
      return this.#shared.count(key, this.#windowMs).then(
        (counted) => {
          this.#learn(key, this.#known.get(key), counted);
          return verdictOn(counted.count, this.#points, counted.leftMs);
        },
        () => undefined,
      );
    }
    known.count += 1;
    known.isUnderWay = true;
    this.#shared.begin(this.#behind(key, known));
    return verdictOn(known.count, this.#points, known.endsAtMs - this.#now());
  }

  /** A count whose verdict is given already. */
  #behind(key: string, known: KnownWindow): Counting {
    return {
      key,
      windowMs: this.#windowMs,
      counted: (counted) => {
        known.isUnderWay = false;
        this.#learn(key, known.endsAtMs > this.#now() ? known : undefined, counted);
      },
      failed: () => this.#known.delete(key),
    };
  }

  #learn(key: string, known: KnownWindow | undefined, { count, leftMs }: SharedCount): void {
    // Counts of a window only grow: a lower one is of the next, which began there before it ended here.
    if (known === undefined || count < known.count) {
      this.#begin(key, count, leftMs);
      return;
    }
    known.count = count;
    known.endsAtMs = this.#now() + leftMs;
  }

  #begin(key: string, count: number, leftMs: number): KnownWindow {
    return this.#known.begin(key, { count, endsAtMs: this.#now() + leftMs, isUnderWay: false });
  }
}
