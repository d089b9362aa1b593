/**
 * What is under way, while it is. A Set does the same, but costs more than what it holds: one that things come to and go from
 * makes a new table every few dozen of them, V8's old table leads to the new one, and once one of them has grown old every
 * later table is kept alive by it, with all that was in it, until the whole heap is collected. Requests that were answered
 * long ago then are copied, and grow old: a third of a read's time (ARCHITECTURE.md, "kept alive by what is old").
 */
export class InFlight<T extends object> {
  readonly #slots: (T | undefined)[] = [];
  readonly #free: number[] = [];

  get size(): number {
    return this.#slots.length - this.#free.length;
  }

  /** Gives the slot to end it by, once. */
  begin(what: T): number {
    const slot = this.#free.pop() ?? this.#slots.length;
    this.#slots[slot] = what;
    return slot;
  }

  end(slot: number): void {
    this.#slots[slot] = undefined;
    this.#free.push(slot);
  }

  /** What is under way now; more may begin and end meanwhile. */
  all(): T[] {
    return this.#slots.filter((what) => what !== undefined);
  }
}
