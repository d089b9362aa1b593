import { randomUUID } from "node:crypto";
import type { Queue } from "bullmq";
import type { Redis } from "ioredis";
import type { Database } from "../store/database.ts";
import { roomFor, type DayQuota } from "../store/mail-room.ts";
import { hasOffers, offerMails, type OfferedKinds } from "../store/outbox-offers.ts";
import { queueLifeKey } from "./mail-queue.ts";

const lookEveryMs = 500;
/**
 * Jobs that wait in the queue at most when mails are added, which bounds its Redis. Confirmations of orders only fill so far
 * that whoever lost a password is soon in turn behind them: 100 a second at this pace.
 */
const mostWaiting: Readonly<Record<OfferedKinds, number>> = { urgent: 200, confirmations: 50 };
/**
 * Jobs that only a release could leave which handed everything over. They may fill Redis, which then takes, gives and ends
 * no job; removing them it allows.
 */
const leftBehind = 1_000;
/** While the day has no room for confirmations it is looked for this often: a quota may be raised. */
const lookForRoomMs = 5_000;
/** After this long without a word a mail that is due is offered once more: a Redis may lose its last second. */
const overdueMs = 120_000;

export interface MailRelayOptions {
  readonly database: Database;
  readonly queue: Queue;
  readonly redis: Redis;
  readonly quota: DayQuota;
  /** Told at each look whether confirmations are held back. */
  readonly onHold: (held: boolean) => void;
  readonly onError: (error: Error) => void;
}

/**
 * Hands mails of the outbox to the queue when they are due, a few at a time. Every worker has one; they share the work. The
 * queue's Redis keeps a name for the life that it leads; a Redis that has lost everything gets a new one, and so is given
 * everything again.
 */
export class MailRelay {
  readonly #options: MailRelayOptions;
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> = Promise.resolve();
  #stopped = false;
  #noRoomUntil = Number.NEGATIVE_INFINITY;

  constructor(options: MailRelayOptions) {
    this.#options = options;
  }

  start(): void {
    this.#round = this.#work().finally(() => {
      if (!this.#stopped) this.#timer = setTimeout(() => this.start(), lookEveryMs);
    });
  }

  /** Resolves when the round that runs is over. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#round;
  }

  async #work(): Promise<void> {
    // Whoever watches the connection has said so; there is nothing to hand mails to.
    if (this.#options.redis.status !== "ready") return;
    try {
      const { waiting = 0, delayed = 0 } = await this.#options.queue.getJobCounts("waiting", "delayed");
      if (waiting + delayed > leftBehind) return await this.#emptyQueue();
      const queueLife = await this.#queueLife();
      const offered = await this.#offer("urgent", queueLife, mostWaiting.urgent - waiting);
      await this.#offerConfirmations(queueLife, mostWaiting.confirmations - waiting - offered);
    } catch (error) {
      this.#options.onError(error instanceof Error ? error : new Error(String(error)));
    }
  }

  /** Those that the day has room for: a worker would only put the others back. */
  async #offerConfirmations(queueLife: string, limit: number): Promise<void> {
    const { database, quota, onHold } = this.#options;
    if (limit <= 0 || performance.now() < this.#noRoomUntil) return;
    const some = await hasOffers(database, { kinds: "confirmations", queueLife, limit, overdueMs });
    const room = some ? await roomFor(database, "order-confirmation", quota) : limit;
    onHold(room <= 0);
    if (room <= 0) this.#noRoomUntil = performance.now() + lookForRoomMs;
    else if (some) await this.#offer("confirmations", queueLife, Math.min(limit, room));
  }

  async #offer(kinds: OfferedKinds, queueLife: string, limit: number): Promise<number> {
    const { database, queue } = this.#options;
    if (limit <= 0) return 0;
    return offerMails(database, { kinds, queueLife, limit, overdueMs }, async (ids) => {
      // A mail that the queue has already keeps its job: the ids are the same.
      await queue.addBulk(ids.map((id) => jobOf(id)));
    });
  }

  /** What was in it is offered again, to what then is another life. */
  async #emptyQueue(): Promise<void> {
    await this.#options.queue.drain(true);
    await this.#options.redis.del(queueLifeKey);
  }

  async #queueLife(): Promise<string> {
    const { redis } = this.#options;
    await redis.set(queueLifeKey, randomUUID(), "NX");
    const life = await redis.get(queueLifeKey);
    if (life === null) throw new Error("the queue's Redis forgets what it was just told");
    return life;
  }
}

function jobOf(id: string): Parameters<Queue["addBulk"]>[0][number] {
  return { name: "mail", data: {}, opts: { jobId: id, removeOnComplete: true, removeOnFail: true } };
}
