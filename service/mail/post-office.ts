import { setTimeout as sleep } from "node:timers/promises";
import type { Mail, MailTransport } from "./mail.ts";

export type MailOutcome = "accepted" | "failed";

export interface PostOfficeOptions {
  readonly transport: MailTransport;
  readonly from: string;
  /** Longest time that a request waits for the transport. */
  readonly timeoutMs: number;
  /** Counts the mail and writes it down. */
  readonly onOutcome: (mail: Mail, transport: MailTransport, outcome: MailOutcome) => Promise<void>;
  /** Told without addresses or contents. */
  readonly onError: (kind: Mail["kind"], error: Error) => void;
}

/** Sends mail within the request, in bounded time. A mail that fails never fails what it is about. */
export class PostOffice {
  readonly #options: PostOfficeOptions;

  constructor(options: PostOfficeOptions) {
    this.#options = options;
  }

  async send(mail: Mail): Promise<MailOutcome> {
    const { transport, onOutcome, onError } = this.#options;
    const outcome = await this.#deliver(mail);
    try {
      await onOutcome(mail, transport, outcome);
    } catch (error) {
      onError(mail.kind, asError(error));
    }
    return outcome;
  }

  close(): void {
    this.#options.transport.close();
  }

  async #deliver(mail: Mail): Promise<MailOutcome> {
    const { transport, from, timeoutMs, onError } = this.#options;
    const answered = new AbortController();
    const late = sleep(timeoutMs, undefined, { signal: answered.signal }).then(() => {
      throw new Error(`the ${transport.name} transport did not answer in ${timeoutMs} ms`);
    });
    try {
      await Promise.race([transport.send(from, mail), late]);
      return "accepted";
    } catch (error) {
      onError(mail.kind, asError(error));
      return "failed";
    } finally {
      answered.abort();
      late.catch(() => undefined);
    }
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
