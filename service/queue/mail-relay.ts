import { randomUUID } from "node:crypto";
import type { Queue } from "bullmq";
import type { Redis } from "ioredis";
import type { Database } from "../store/database.ts";
import { offerMails, type OutboxOffer } from "../store/outbox-offers.ts";
import { queueLifeKey } from "./mail-queue.ts";

const lookEveryMs = 500;
const largestRound = 200;
/** After this long without a word a mail that is due is offered once more: a Redis may lose its last second. */
const overdueMs = 120_000;

export interface MailRelayOptions {
  readonly database: Database;
  readonly queue: Queue;
  readonly redis: Redis;
  readonly onError: (error: Error) => void;
}

/**
 * Hands mails of the outbox to the queue. Every worker has one; they share the work. The queue's Redis keeps a name for
 * the life that it leads; a Redis that has lost everything gets a new one, and so is given everything again.
 */
export class MailRelay {
  readonly #options: MailRelayOptions;
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> = Promise.resolve();
  #stopped = false;

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
      const queueLife = await this.#queueLife();
      let offered = largestRound;
      while (offered === largestRound && !this.#stopped) offered = await this.#offer(queueLife);
    } catch (error) {
      this.#options.onError(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #offer(queueLife: string): Promise<number> {
    const { database, queue } = this.#options;
    return offerMails(database, { queueLife, limit: largestRound, overdueMs }, async (mails) => {
      // A mail that the queue has already keeps its job: the ids are the same.
      await queue.addBulk(mails.map((mail) => jobOf(mail)));
    });
  }

  async #queueLife(): Promise<string> {
    const { redis } = this.#options;
    await redis.set(queueLifeKey, randomUUID(), "NX");
    const life = await redis.get(queueLifeKey);
    if (life === null) throw new Error("the queue's Redis forgets what it was just told");
    return life;
  }
}

function jobOf({ id, delayMs }: OutboxOffer): Parameters<Queue["addBulk"]>[0][number] {
  return { name: "mail", data: {}, opts: { jobId: id, delay: delayMs, removeOnComplete: true, removeOnFail: true } };
}
