import { Queue } from "bullmq";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { mailQueue } from "../../../service/queue/mail-queue.ts";
import { startSendgridReceiver } from "../../support/mail-receivers.ts";
import { startReadyMailWorker, type TestMailWorker } from "../../support/mail-worker.ts";
import { startPostgres, type TestPostgres } from "../../support/postgres.ts";
import { startRedis, type TestRedis } from "../../support/redis.ts";
import { migrateShop } from "../../support/shop.ts";
import { waitUntil } from "../../support/wait-until.ts";

const longestWaitMs = 30_000;
/** More than may wait, and those in hand. */
const mostJobs = 250;

let postgres: TestPostgres;
let redis: TestRedis;
let sendgrid: Awaited<ReturnType<typeof startSendgridReceiver>>;
let worker: TestMailWorker | undefined;

beforeAll(async () => {
  [postgres, redis, sendgrid] = await Promise.all([
    startPostgres(),
    startRedis(["--maxmemory-policy", "noeviction"]),
    startSendgridReceiver(),
  ]);
  await migrateShop(postgres);
});
afterAll(async () => {
  await Promise.all([sendgrid?.stop(), redis?.stop()]);
  await postgres?.stop();
});
beforeEach(() => postgres.query("truncate mail_outbox, mail_log, mail_quota"));
afterEach(() => worker?.stop());

const startWorker = (quotaPerDay: number): Promise<TestMailWorker> =>
  startReadyMailWorker({
    SHOP_DATABASE_URL: postgres.shopUrl(),
    SHOP_QUEUE_REDIS_URL: redis.url,
    SHOP_MAIL: "sendgrid",
    SHOP_SENDGRID_API_KEY: "mail-test-key",
    SHOP_SENDGRID_BASE_URL: sendgrid.url,
    SHOP_MAIL_QUOTA_PER_DAY: `${quotaPerDay}`,
    SHOP_MAIL_BACKOFF_MS: "60000",
  });

const writeConfirmations = (count: number): Promise<unknown> =>
  postgres.query(
    `insert into mail_outbox (event, kind, recipient, subject, body, created_at)
     select 'order:' || n, 'order-confirmation', 'a@example.test', 's', 'b', now() - interval '1 hour'
     from generate_series(1, $1::int) n`,
    [count],
  );

/** Asks for a code and waits until it was sent. */
async function code(to: string): Promise<void> {
  await postgres.query(
    "insert into mail_outbox (kind, recipient, subject, body) values ('password-reset', $1, 's', 'code')",
    [to],
  );
  await waitUntil("the code", () => sendgrid.mails.some((mail) => mail.to.includes(to)), longestWaitMs);
}

async function count(condition: string): Promise<number> {
  const [row] = await postgres.query<{ n: number }>(`select count(*)::int as n from mail_outbox where ${condition}`);
  return row!.n;
}

async function jobs(): Promise<number> {
  const inState = async (state: string) => (await worker?.metric(`shop_queue_jobs{state="${state}"}`)) ?? 0;
  const [waiting, active, delayed] = [await inState("waiting"), await inState("active"), await inState("delayed")];
  return waiting + active + delayed;
}

it("confirmations that the day has no room for stay out of the queue, and no code waits behind them", async () => {
  // Two days of what the seed's orders leave behind of SendGrid's smallest plan; nine tenths of the day are used up.
  await writeConfirmations(12_000);
  await postgres.query(
    `insert into mail_log (kind, transport, outcome)
     select 'order-confirmation', 'sendgrid', 'accepted' from generate_series(1, 90)`,
  );
  worker = await startWorker(100);
  await waitUntil("the hold", async () => (await worker?.metric("shop_mail_held")) === 1, longestWaitMs);
  await code("held@example.test");
  await waitUntil("an empty queue", async () => (await jobs()) === 0, longestWaitMs);
  expect(await count("offered_to is not null")).toBe(1);
  expect(await worker.metric("shop_mail_held")).toBe(1);
  await postgres.query("insert into mail_quota values ('sendgrid', 100000)");
  await waitUntil("confirmations", async () => (await count("state = 'sent'")) > 20, longestWaitMs);
  await code("flowing@example.test");
  expect(await jobs()).toBeLessThan(mostJobs);
  expect(await count("state = 'waiting'")).toBeGreaterThan(mostJobs);
});

it("mails that a provider refuses wait for their next try in the outbox, not in Redis", async () => {
  sendgrid.refuse(true);
  await writeConfirmations(100);
  worker = await startWorker(100_000);
  await waitUntil(
    "a try of each",
    async () => (await count("attempts = 1 and state = 'waiting'")) === 100,
    longestWaitMs,
  );
  await waitUntil("an empty queue", async () => (await jobs()) === 0, longestWaitMs);
  sendgrid.refuse(false);
  await code("again@example.test");
  await postgres.query("update mail_outbox set due_at = now()");
  await waitUntil("the next try", async () => (await count("state = 'sent'")) === 101, longestWaitMs);
});

it("a Redis that an earlier release has filled with jobs is emptied, and mail goes out again", async () => {
  const client = new Redis(redis.url);
  const queue = new Queue(mailQueue.name, { connection: client, prefix: mailQueue.prefix });
  const job = { name: "mail", data: {}, opts: { delay: 300_000 } };
  try {
    await client.config("SET", "maxmemory", "8mb");
    const fill = async (): Promise<never> => {
      for (;;) await queue.addBulk(Array.from({ length: 500 }, () => job));
    };
    await expect(fill()).rejects.toThrow("OOM");
    worker = await startWorker(100);
    await code("full@example.test");
    await waitUntil("an empty queue", async () => (await jobs()) === 0, longestWaitMs);
    expect(worker.child.output().split("\n").length).toBeLessThan(20);
  } finally {
    await queue.close();
    client.disconnect();
  }
});
