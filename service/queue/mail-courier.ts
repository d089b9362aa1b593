import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Mail, MailTransport } from "../mail/mail.ts";
import { mailErrorCode } from "../mail/mail-error.ts";
import { sendInTime } from "../mail/send-in-time.ts";
import { claimMail, type ClaimedMail } from "../store/outbox-claims.ts";
import { takeBack } from "../store/outbox-offers.ts";
import { recordFailure, recordSent } from "../store/outbox-outcomes.ts";
import { isDatabaseUnavailable } from "../store/connection-trouble.ts";
import type { Database } from "../store/database.ts";
import { retryDelayMs } from "./retry-delay.ts";

/** While the database does not answer, what was done cannot be noted; it is tried again this often. */
const noteAgainAfterMs = 500;
/** A quota may be raised, so a held queue looks again at least this often. */
const longestHoldMs = 60_000;

/**
 * What became of a mail: it is over, sent or given up; it waits in the outbox and is offered again when it is due and the
 * day has room for its kind; or the day has no room for any mail.
 */
export type Delivery =
  { readonly next: "over" } | { readonly next: "later" } | { readonly next: "hold"; readonly waitMs: number };

export type CourierEvent =
  | { readonly event: "sent"; readonly kind: Mail["kind"]; readonly waitedSeconds: number }
  | { readonly event: "failed"; readonly kind: Mail["kind"]; readonly error: string; readonly final: boolean }
  | { readonly event: "expired"; readonly kind: Mail["kind"] }
  | { readonly event: "taken-over" }
  | { readonly event: "not-noted"; readonly error: string };

export interface MailCourierOptions {
  readonly database: Database;
  readonly transport: MailTransport;
  readonly from: string;
  readonly timeoutMs: number;
  readonly quotaPerDay: number;
  readonly attempts: number;
  readonly backoffMs: number;
  readonly leaseMs: number;
  /** Told with the id of the mail: no addresses, no contents. */
  readonly onEvent: (id: string, event: CourierEvent) => void;
}

/**
 * Sends one mail of the outbox: holds it in the database first, so that no other worker sends it, and notes there what
 * became of it. What a worker had in hand when it died is sent again, under the same id, once its lease has run out.
 */
export class MailCourier {
  readonly #options: MailCourierOptions;
  /** Mails that were sent and could not be noted: they are not sent again here, and noted when they come back. */
  readonly #sentUnnoted = new Set<string>();

  constructor(options: MailCourierOptions) {
    this.#options = options;
  }

  /** Throws when the database does not answer; nothing was sent then. */
  async deliver(id: string): Promise<Delivery> {
    const { database, transport, quotaPerDay, leaseMs, attempts, onEvent } = this.#options;
    const claim = randomUUID();
    const answer = await claimMail(database, { id, claim, leaseMs, transport: transport.name, quotaPerDay });
    if (answer.state === "gone") return { next: "over" };
    if (answer.state === "expired") {
      onEvent(id, { event: "expired", kind: answer.kind });
      return { next: "over" };
    }
    if (answer.state === "held" && !answer.others)
      return { next: "hold", waitMs: Math.min(answer.waitMs, longestHoldMs) };
    if (answer.state !== "taken") {
      await takeBack(database, id);
      return { next: "later" };
    }
    const { mail } = answer;
    if (this.#sentUnnoted.has(id)) return this.#sent(id, 0);
    if (mail.takenOver) onEvent(id, { event: "taken-over" });
    // A mail that workers die of must not take all of them along.
    if (mail.attempt > attempts) return this.#failed(id, claim, { ...mail, error: "abandoned", final: true });
    return this.#send(id, claim, mail);
  }

  async #send(id: string, claim: string, held: ClaimedMail): Promise<Delivery> {
    const { transport, from, timeoutMs, leaseMs, attempts, onEvent } = this.#options;
    try {
      await sendInTime(transport, timeoutMs, { from, mail: held.mail, id });
    } catch (error) {
      const final = transport.isFinal(error) || held.attempt >= attempts;
      return this.#failed(id, claim, { ...held, error: mailErrorCode(error), final });
    }
    const waitedSeconds = (Date.now() - held.createdAt.getTime()) / 1_000;
    onEvent(id, { event: "sent", kind: held.mail.kind, waitedSeconds });
    return this.#sent(id, leaseMs);
  }

  async #sent(id: string, insistMs: number): Promise<Delivery> {
    const { database, transport } = this.#options;
    this.#sentUnnoted.add(id);
    if (await this.#note(id, () => recordSent(database, id, transport.name), insistMs)) this.#sentUnnoted.delete(id);
    return { next: "over" };
  }

  async #failed(
    id: string,
    claim: string,
    { mail, attempt, error, final }: ClaimedMail & { readonly error: string; readonly final: boolean },
  ): Promise<Delivery> {
    const { database, transport, leaseMs, backoffMs, onEvent } = this.#options;
    onEvent(id, { event: "failed", kind: mail.kind, error, final });
    const waitMs = final ? undefined : retryDelayMs(attempt, backoffMs, Math.random());
    const failed = { id, claim, transport: transport.name, error, retryInMs: waitMs };
    await this.#note(id, () => recordFailure(database, failed), leaseMs);
    return { next: waitMs === undefined ? "over" : "later" };
  }

  /**
   * Goes on until it is noted while the database does not answer, for a mail that was sent but not noted is sent again. A
   * note that the database refuses may be refused for ever: false after `insistMs`; the mail comes back after its lease.
   */
  async #note(id: string, write: () => Promise<void>, insistMs: number): Promise<boolean> {
    const insistUntil = performance.now() + insistMs;
    for (;;) {
      try {
        await write();
        return true;
      } catch (error) {
        this.#options.onEvent(id, { event: "not-noted", error: mailErrorCode(error) });
        if (!isDatabaseUnavailable(error) && performance.now() >= insistUntil) return false;
        await sleep(noteAgainAfterMs);
      }
    }
  }
}
