import { setTimeout as sleep } from "node:timers/promises";
import { DelayedError, RateLimitError, Worker, type Job, type Queue } from "bullmq";
import type { Redis } from "ioredis";
import type { Delivery, MailCourier } from "./mail-courier.ts";
import { mailQueue } from "./mail-queue.ts";

/** As many as the SMTP transport has connections. */
const concurrency = 4;
/** Wait before a job is looked at again whose mail could not even be claimed: the database was away. */
const lookAgainAfterMs = 2_000;
/** BullMQ needs a limiter to hold a queue; this one is above what a worker can do. */
const limiter = { max: 1_000_000, duration: 1_000 } as const;
/** Jobs outlive any number of dead workers; the outbox counts the tries. */
const maxStalledCount = 1_000_000;

export interface MailWorkerOptions {
  readonly redis: Redis;
  readonly queue: Queue;
  readonly courier: MailCourier;
  /** A dead worker's job goes to another one after about this time. */
  readonly leaseMs: number;
  readonly onHold: (held: boolean) => void;
  readonly onError: (error: Error) => void;
}

/**
 * Takes jobs from the queue and lets the courier deliver their mails. A job is one look at a mail: what is not over then
 * waits in the outbox, not in Redis.
 */
export class MailWorker {
  readonly #options: MailWorkerOptions;
  readonly #worker: Worker;
  #heldAt = Number.NEGATIVE_INFINITY;

  constructor(options: MailWorkerOptions) {
    this.#options = options;
    this.#worker = new Worker(mailQueue.name, (job, token) => this.#process(job, token), {
      connection: options.redis,
      prefix: mailQueue.prefix,
      concurrency,
      lockDuration: options.leaseMs,
      stalledInterval: Math.ceil(options.leaseMs / 2),
      maxStalledCount,
      limiter,
    });
    this.#worker.on("error", options.onError);
  }

  /** Finishes the mails in hand, for at most `timeoutMs`. */
  async close(timeoutMs: number): Promise<void> {
    const waited = new AbortController();
    const late = sleep(timeoutMs, undefined, { signal: waited.signal }).catch(() => undefined);
    // Without Redis a job cannot be ended; its mail is noted in the database, and that is what counts.
    await Promise.race([this.#worker.close(), late]);
    waited.abort();
  }

  async #process(job: Job, token: string | undefined): Promise<void> {
    const startedAt = performance.now();
    const delivery = await this.#deliver(job.id ?? "");
    if (delivery === undefined) {
      await job.moveToDelayed(Date.now() + lookAgainAfterMs, token);
      throw new DelayedError();
    }
    this.#tellHold(delivery.next === "hold", startedAt);
    if (delivery.next !== "hold") return;
    await this.#options.queue.rateLimit(delivery.waitMs);
    throw new RateLimitError();
  }

  /** A mail that was taken before the hold began says nothing of its end. */
  #tellHold(held: boolean, startedAt: number): void {
    if (held) this.#heldAt = performance.now();
    else if (startedAt < this.#heldAt) return;
    this.#options.onHold(held);
  }

  /** Undefined when the database was away: the outbox could not be told that the mail waits, so its job stays. */
  async #deliver(id: string): Promise<Delivery | undefined> {
    try {
      return await this.#options.courier.deliver(id);
    } catch (error) {
      this.#options.onError(error instanceof Error ? error : new Error(String(error)));
      return undefined;
    }
  }
}
