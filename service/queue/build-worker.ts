import { Queue } from "bullmq";
import type { Logger } from "pino";
import { Readiness } from "../http/readiness.ts";
import { ShopServer } from "../http/shop-server.ts";
import { createWorkerApp } from "../http/worker-app.ts";
import { createTransport, mailTimeoutMs } from "../mail/create-transport.ts";
import { OutboxSampler } from "../metrics/outbox-sampler.ts";
import { Database } from "../store/database.ts";
import type { WorkerConfig } from "../worker-config.ts";
import { MailCourier } from "./mail-courier.ts";
import { mailQueue } from "./mail-queue.ts";
import { MailRelay } from "./mail-relay.ts";
import { MailWorker } from "./mail-worker.ts";
import { connectRelay, connectWorker } from "./queue-redis.ts";
import { reportEvents } from "./report-events.ts";
import { watchRedis } from "./watch-redis.ts";
import { saySeldom } from "./say-seldom.ts";
import { countJobs, createWorkerMetrics } from "./worker-metrics.ts";

/** Trouble that goes on is said no more often than this. */
const sayEveryMs = 10_000;

export interface RunningWorker {
  /** Finishes the mails in hand, for at most `inHandTimeoutMs`, and lets go of everything. */
  stop(inHandTimeoutMs: number): Promise<void>;
}

/** Makes a mail worker of its parts and starts it; throws when its port is taken. */
export async function buildWorker(config: WorkerConfig, logger: Logger): Promise<RunningWorker> {
  const { leaseMs, attempts, backoffMs, mail } = config;
  const metrics = createWorkerMetrics(mail.transport);
  metrics.buildInfo.set({ instance: config.instance, release: config.release }, 1);
  metrics.mailHeld.set(0);
  const database = new Database({
    url: config.databaseUrl,
    poolSize: config.databasePoolSize,
    onWait: () => undefined,
    onError: (error) => logger.warn({ err: error }, "lost a connection to the database"),
  });
  const [relayRedis, workerRedis] = [connectRelay(config.queueRedisUrl), connectWorker(config.queueRedisUrl)];
  watchRedis(relayRedis, logger);
  workerRedis.on("error", () => undefined);
  const warnSeldom = (text: string): ((error: Error) => void) =>
    saySeldom(sayEveryMs, (error: Error, times) => logger.warn({ reason: error.message, times }, text));
  const warnOfQueue = warnSeldom("trouble with the queue");
  // What follows from a Redis that is away is not worth more lines than that.
  const onQueueError = (error: Error): void => {
    if (relayRedis.status === "ready") warnOfQueue(error);
  };
  const held = { queue: false, confirmations: false };
  const tellHold = (what: keyof typeof held, on: boolean): void => {
    held[what] = on;
    metrics.mailHeld.set(held.queue || held.confirmations ? 1 : 0);
  };
  const queue = new Queue(mailQueue.name, { connection: relayRedis, prefix: mailQueue.prefix });
  queue.on("error", onQueueError);
  const transport = createTransport(mail);
  const onEvent = reportEvents({ metrics, logger, transport: mail.transport });
  const courier = new MailCourier({
    database,
    transport,
    from: mail.from,
    timeoutMs: mailTimeoutMs,
    quotaPerDay: mail.quotaPerDay,
    attempts,
    backoffMs,
    leaseMs,
    onEvent,
  });
  const relay = new MailRelay({
    database,
    queue,
    redis: relayRedis,
    quota: { transport: mail.transport, quotaPerDay: mail.quotaPerDay },
    onHold: (on) => tellHold("confirmations", on),
    onError: warnSeldom("mails could not be handed to the queue"),
  });
  const sampler = new OutboxSampler(metrics.outbox, database, mail);
  let stopping = false;
  const readiness = new Readiness(database, () => stopping);
  const internal = new ShopServer(
    createWorkerApp({
      reason: () => readiness.reason ?? (relayRedis.status === "ready" ? undefined : "queue"),
      metrics: async () => {
        await countJobs(metrics, queue);
        return { text: await metrics.registry.metrics(), contentType: metrics.registry.contentType };
      },
    }),
  );

  await internal.listen(config.host, config.internalPort);
  const worker = new MailWorker({
    redis: workerRedis,
    queue,
    courier,
    leaseMs,
    onError: onQueueError,
    onHold: (on) => tellHold("queue", on),
  });
  readiness.start();
  sampler.start();
  relay.start();
  logger.info({ internalPort: config.internalPort, transport: mail.transport }, "delivering mail");

  return {
    stop: async (inHandTimeoutMs) => {
      stopping = true;
      await relay.stop();
      await worker.close(inHandTimeoutMs);
      readiness.stop();
      sampler.stop();
      transport.close();
      for (const redis of [relayRedis, workerRedis]) redis.disconnect();
      await database.close();
      await internal.close();
    },
  };
}
