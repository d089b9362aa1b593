import type { Database, Queryable, Transaction } from "../store/database.ts";
import { insertOutboxMail } from "../store/outbox.ts";
import type { Mail } from "./mail.ts";
import { mailErrorCode } from "./mail-error.ts";
import type { MailOutcome, PostedMail, PostOffice } from "./post-office.ts";

export interface QueuedPostOfficeOptions {
  readonly database: Database;
  readonly onQueued: (kind: Mail["kind"]) => void;
  /** Told the kind of mail and the kind of error: no addresses, no contents. */
  readonly onError: (kind: Mail["kind"], error: string) => void;
  /** Told the time that a request gave to one mail. */
  readonly onTime: (seconds: number) => void;
}

/** Writes mail into the outbox; the mail workers do the rest. Neither a provider nor Redis is needed for that. */
export class QueuedPostOffice implements PostOffice {
  readonly #options: QueuedPostOfficeOptions;

  constructor(options: QueuedPostOfficeOptions) {
    this.#options = options;
  }

  async send(mail: Mail): Promise<MailOutcome> {
    const { database, onQueued, onError } = this.#options;
    try {
      await this.#write(database, mail);
    } catch (error) {
      onError(mail.kind, mailErrorCode(error));
      return "failed";
    }
    onQueued(mail.kind);
    return "queued";
  }

  async post(transaction: Transaction, mail: Mail): Promise<PostedMail> {
    await this.#write(transaction, mail);
    return {
      afterCommit: () => {
        this.#options.onQueued(mail.kind);
        return Promise.resolve("queued");
      },
    };
  }

  close(): void {
    // Nothing is open: the database belongs to the process.
  }

  async #write(store: Queryable, mail: Mail): Promise<void> {
    const startedAt = performance.now();
    await insertOutboxMail(store, mail);
    this.#options.onTime((performance.now() - startedAt) / 1_000);
  }
}
