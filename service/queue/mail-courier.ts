import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Mail, MailTransport } from "../mail/mail.ts";
import { mailErrorCode } from "../mail/mail-error.ts";
import { sendInTime } from "../mail/send-in-time.ts";
import { claimMail, type ClaimedMail } from "../store/outbox-claims.ts";
import { recordFailure, recordSent } from "../store/outbox-outcomes.ts";
import { isDatabaseUnavailable } from "../store/connection-trouble.ts";
import type { Database } from "../store/database.ts";
import { retryDelayMs } from "./retry-delay.ts";

/** While the database does not answer, what was done cannot be noted; it is tried again this often. */
const noteAgainAfterMs = 500;
/** A quota may be raised, so a held queue looks again at least this often; mails that are held one by one less often. */
const longestHoldMs = { queue: 60_000, mail: 300_000 };

/** What is to become of a job: over, to be looked at again later, or it is held by the quota, with the whole queue or alone. */
export type Delivery =
  | { readonly next: "over" }
  | { readonly next: "later"; readonly waitMs: number }
  | { readonly next: "hold"; readonly what: "queue" | "mail"; readonly waitMs: number };

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
    if (answer.state === "later") return { next: "later", waitMs: answer.waitMs };
    if (answer.state === "held") {
      const what = answer.others ? "mail" : "queue";
      // Not all of them at the same moment.
      const spread = answer.others ? 1 + Math.random() / 2 : 1;
      return { next: "hold", what, waitMs: spread * Math.min(answer.waitMs, longestHoldMs[what]) };
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
    return waitMs === undefined ? { next: "over" } : { next: "later", waitMs };
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
