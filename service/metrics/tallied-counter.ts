import { Counter } from "prom-client";

/** One series of a counter, held by who counts often. */
export class Tally {
  #since = 0;

  add(amount = 1): void {
    this.#since += amount;
  }

  /** What was added since this was asked last. */
  take(): number {
    const since = this.#since;
    this.#since = 0;
    return since;
  }
}

/**
 * A counter that also counts by tallies. To find a series by its labels takes a quarter of a microsecond, five times in each
 * request; a tally is an addition, and the counter asks for it when it is read.
 */
export class TalliedCounter<Label extends string> extends Counter<Label> {
  readonly #tallies: { readonly labels: Readonly<Record<Label, string>>; readonly tally: Tally }[] = [];

  tally(labels: Readonly<Record<Label, string>>): Tally {
    const tally = new Tally();
    this.#tallies.push({ labels, tally });
    return tally;
  }

  override async get(): ReturnType<Counter<Label>["get"]> {
    for (const { labels, tally } of this.#tallies) {
      const since = tally.take();
      if (since > 0) this.inc(labels, since);
    }
    return await super.get();
  }
}
