import { figures } from "../contract/figures.ts";
import type { Database } from "../store/database.ts";

const probeEveryMs = 1_000;
/**
 * A database that is restarted behind a paused pooler is silent for a second or so, and requests wait for it. Were
 * the shop unready meanwhile, the router would refuse them instead. After as long as a connection may take, it is away.
 */
const graceMs = figures.database.connectTimeoutSeconds * 1_000;

/** Knows whether this process should get traffic: its database answered lately, and it was not told to stop. */
export class Readiness {
  readonly #database: Database;
  readonly #isDraining: () => boolean;
  #timer: NodeJS.Timeout | undefined;
  #probing = false;

  constructor(database: Database, isDraining: () => boolean) {
    this.#database = database;
    this.#isDraining = isDraining;
  }

  start(): void {
    void this.#probe();
    this.#timer = setInterval(() => void this.#probe(), probeEveryMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Why the process is not ready; undefined when it is. */
  get reason(): "draining" | "database" | undefined {
    if (this.#isDraining()) return "draining";
    return performance.now() - this.#database.answeredAt > graceMs ? "database" : undefined;
  }

  /** Under traffic every answer of the database counts; the probe only matters when nobody asks anything. */
  async #probe(): Promise<void> {
    if (this.#probing || performance.now() - this.#database.answeredAt < probeEveryMs) return;
    this.#probing = true;
    try {
      await this.#database.query("select 1");
    } catch {
      // Not answering is what is asked here.
    } finally {
      this.#probing = false;
    }
  }
}
