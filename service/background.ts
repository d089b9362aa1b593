import type { Logger } from "pino";
import { InFlight } from "./in-flight.ts";

/** Work that a request starts and does not wait for, because it must not show in the time of its answer. */
export class Background {
  readonly #logger: Logger;
  readonly #running = new InFlight<Promise<void>>();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Starts `work`; its failure is logged as `what`. */
  run(what: string, work: () => Promise<unknown>): void {
    const running: Promise<void> = work()
      .then(
        () => undefined,
        (error: unknown) => this.#logger.error({ err: error }, `${what} failed`),
      )
      .finally(() => this.#running.end(slot));
    const slot = this.#running.begin(running);
  }

  /** Resolves when everything started so far has ended. */
  async settled(): Promise<void> {
    await Promise.all(this.#running.all());
  }
}
