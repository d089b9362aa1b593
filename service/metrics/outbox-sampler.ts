import type { MailSettings } from "../mail/mail-settings.ts";
import type { Database } from "../store/database.ts";
import { readOutboxFigures } from "../store/outbox-figures.ts";
import { outboxStates, type OutboxMetrics } from "./outbox-metrics.ts";

const sampleEveryMs = 5_000;
/** Figures older than this are withdrawn: a missing value is honest, an old one is not. */
const staleAfterMs = 30_000;

/**
 * Keeps the metrics of the outbox. The shop's processes have it as well as the mail workers: that no worker runs is
 * seen by the age of what waits.
 */
export class OutboxSampler {
  readonly #metrics: OutboxMetrics;
  readonly #database: Database;
  readonly #mail: Pick<MailSettings, "transport" | "quotaPerDay">;
  #timer: NodeJS.Timeout | undefined;
  #asking = false;
  #sampledAt = performance.now();

  constructor(metrics: OutboxMetrics, database: Database, mail: Pick<MailSettings, "transport" | "quotaPerDay">) {
    this.#metrics = metrics;
    this.#database = database;
    this.#mail = mail;
    metrics.quotaPerDay.set(mail.quotaPerDay);
  }

  start(): void {
    void this.#sample();
    this.#timer = setInterval(() => void this.#sample(), sampleEveryMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #sample(): Promise<void> {
    if (performance.now() - this.#sampledAt > staleAfterMs) this.#withdraw();
    if (this.#asking) return;
    this.#asking = true;
    try {
      const { oldestSeconds, quotaPerDay, ...counts } = await readOutboxFigures(this.#database, this.#mail.transport);
      for (const state of outboxStates) this.#metrics.mails.set({ state }, counts[state]);
      this.#metrics.age.set(oldestSeconds);
      this.#metrics.quotaPerDay.set(quotaPerDay ?? this.#mail.quotaPerDay);
      this.#sampledAt = performance.now();
    } catch {
      // Counted as missing; that the database is away is seen and logged where it is needed.
    } finally {
      this.#asking = false;
    }
  }

  #withdraw(): void {
    for (const state of outboxStates) this.#metrics.mails.remove({ state });
    this.#metrics.age.remove();
  }
}
