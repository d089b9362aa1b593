import type { Mail, MailTransport } from "./mail.ts";
import { mailErrorCode } from "./mail-error.ts";
import type { MailOutcome, PostedMail, PostOffice } from "./post-office.ts";
import { sendInTime } from "./send-in-time.ts";
import type { Transaction } from "../store/transaction.ts";

export interface InlinePostOfficeOptions {
  readonly transport: MailTransport;
  readonly from: string;
  /** Longest time that a request waits for the transport. */
  readonly timeoutMs: number;
  /** Counts the mail and writes it down. */
  readonly onOutcome: (mail: Mail, outcome: "accepted" | "failed") => Promise<void>;
  /** Told the kind of mail and the kind of error: no addresses, no contents. */
  readonly onError: (kind: Mail["kind"], error: string) => void;
  /** Told the time that a request gave to one mail. */
  readonly onTime: (seconds: number) => void;
}

/** Sends mail within the request. */
export class InlinePostOffice implements PostOffice {
  readonly #options: InlinePostOfficeOptions;

  constructor(options: InlinePostOfficeOptions) {
    this.#options = options;
  }

  async send(mail: Mail): Promise<MailOutcome> {
    const { onOutcome, onError, onTime } = this.#options;
    const startedAt = performance.now();
    const outcome = await this.#deliver(mail);
    onTime((performance.now() - startedAt) / 1_000);
    try {
      await onOutcome(mail, outcome);
    } catch (error) {
      onError(mail.kind, mailErrorCode(error));
    }
    return outcome;
  }

  post(_transaction: Transaction, mail: Mail): PostedMail {
    return { afterCommit: () => this.send(mail) };
  }

  close(): void {
    this.#options.transport.close();
  }

  async #deliver(mail: Mail): Promise<"accepted" | "failed"> {
    const { transport, from, timeoutMs, onError } = this.#options;
    try {
      await sendInTime(transport, timeoutMs, { from, mail });
      return "accepted";
    } catch (error) {
      onError(mail.kind, mailErrorCode(error));
      return "failed";
    }
  }
}
