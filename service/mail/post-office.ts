import type { Transaction } from "../store/transaction.ts";
import type { Mail } from "./mail.ts";

export type MailOutcome = "accepted" | "failed" | "queued";

/** A mail that was posted within a transaction. */
export interface PostedMail {
  /** To be called once the transaction is committed, and never otherwise; what fails here fails nothing else. */
  afterCommit(): Promise<MailOutcome>;
}

/** Takes the shop's mail: to a provider within the request, or into the outbox for the mail workers. */
export interface PostOffice {
  /** Takes a mail in bounded time. One that fails never fails what it is about. */
  send(mail: Mail): Promise<MailOutcome>;
  /**
   * Takes a mail together with what `transaction` does. With the outbox it goes out if and only if the transaction is
   * committed; without, it is sent by `afterCommit`, and a process that dies in between loses it.
   */
  post(transaction: Transaction, mail: Mail): PostedMail;
  close(): void;
}
