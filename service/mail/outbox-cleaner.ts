import type { Database } from "../store/database.ts";
import { cleanOutbox } from "../store/outbox-cleaning.ts";

const cleanEveryMs = 600_000;

/**
 * Clears what is over out of the outbox. The shop's processes do it, for mail workers go with the step's way back and
 * leave mails behind that were given up, with their addresses.
 */
export class OutboxCleaner {
  readonly #database: Database;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(database: Database) {
    this.#database = database;
  }

  start(): void {
    void this.#clean().finally(() => {
      if (!this.#stopped) this.#timer = setTimeout(() => this.start(), cleanEveryMs);
    });
  }

  /** A batch that runs is finished; the database waits for it when it is closed. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  async #clean(): Promise<void> {
    try {
      while (!this.#stopped && (await cleanOutbox(this.#database)) > 0);
    } catch {
      // Next time: that the database is away is seen and logged where it is needed.
    }
  }
}
