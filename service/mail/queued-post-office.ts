import type { Database } from "../store/database.ts";
import { outboxInsert } from "../store/outbox.ts";
import type { Transaction } from "../store/transaction.ts";
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
    const { database, onQueued, onError, onTime } = this.#options;
    const startedAt = performance.now();
    try {
      await database.query(...outboxInsert(mail));
    } catch (error) {
      onError(mail.kind, mailErrorCode(error));
      return "failed";
    }
    onTime((performance.now() - startedAt) / 1_000);
    onQueued(mail.kind);
    return "queued";
  }

  post(transaction: Transaction, mail: Mail): PostedMail {
    const { onQueued, onTime } = this.#options;
    const startedAt = performance.now();
    // It leaves with COMMIT: the request waits for nothing of it.
    transaction.send(...outboxInsert(mail));
    onTime((performance.now() - startedAt) / 1_000);
    return {
      afterCommit: () => {
        onQueued(mail.kind);
        return Promise.resolve("queued");
      },
    };
  }

  close(): void {
    // Nothing is open: the database belongs to the process.
  }
}
