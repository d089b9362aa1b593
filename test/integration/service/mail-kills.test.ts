import { afterAll, beforeAll, expect, it } from "vitest";
import type { Order } from "../../../service/contract/orders.ts";
import { routes } from "../../../service/contract/routes.ts";
import { startSmtpReceiver } from "../../support/mail-receivers.ts";
import { startMailWorker, type TestMailWorker } from "../../support/mail-worker.ts";
import { startPostgres, type TestPostgres } from "../../support/postgres.ts";
import { startRedis, type TestRedis } from "../../support/redis.ts";
import { migrateShop, openSessions, seedShop, startShop, type TestShop } from "../../support/shop.ts";
import { waitUntil } from "../../support/wait-until.ts";

const workerKills = 5;
const redisKills = 2;
/** A busy machine takes its time to start a process. */
const startTimeoutMs = 60_000;
/** Mails that one worker has in hand at most. */
const inHand = 4;

let postgres: TestPostgres;
let redis: TestRedis;
let smtp: Awaited<ReturnType<typeof startSmtpReceiver>>;
let shop: TestShop;
const workers: TestMailWorker[] = [];

beforeAll(async () => {
  [postgres, redis, smtp] = await Promise.all([
    startPostgres(),
    startRedis(["--maxmemory-policy", "noeviction"]),
    startSmtpReceiver(),
  ]);
  await migrateShop(postgres);
  await seedShop(postgres, 50, 20);
  await postgres.query("update product set stock = 1000000");
  shop = await startShop(postgres.shopUrl(), { SHOP_MAIL_DELIVERY: "queue", SHOP_LIMITS: "raised" });
});
afterAll(async () => {
  await Promise.all(workers.map((worker) => worker.child.stop("SIGKILL")));
  await shop?.stop();
  await Promise.all([smtp?.stop(), redis?.stop()]);
  await postgres?.stop();
});

const startWorker = async (): Promise<void> => {
  workers.push(
    await startMailWorker({
      SHOP_DATABASE_URL: postgres.shopUrl(),
      SHOP_QUEUE_REDIS_URL: redis.url,
      SHOP_MAIL: "smtp",
      SHOP_SMTP_URL: smtp.url,
      SHOP_MAIL_QUOTA_PER_DAY: "1000000",
    }),
  );
};

/** Orders without pause until it is told to stop; every one must succeed. */
function shopOn(tokens: readonly string[]): { stop(): Promise<readonly number[]> } {
  const over = new AbortController();
  const orderIds: number[] = [];
  const shopper = async (token: string, n: number): Promise<void> => {
    for (let turn = 0; !over.signal.aborted; turn += 1) {
      const answer = await shop.fetch(routes.orders, {
        token,
        client: `10.7.${n}.${turn >> 6}`,
        json: { lines: [{ productId: 1 + (turn % 20), quantity: 1 }] },
      });
      if (answer.status !== 201) throw new Error(`an order was answered with ${answer.status}`);
      orderIds.push(((await answer.json()) as Order).id);
      // Never far ahead of the workers, however slow the machine, so that the end is near when the shoppers stop.
      await waitUntil("the workers to follow", () => orderIds.length - smtp.mails.length < 100, startTimeoutMs);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  const all = Promise.all(tokens.map((token, n) => shopper(token, n)));
  all.catch(() => undefined);
  return {
    stop: async () => {
      over.abort();
      await all;
      return orderIds;
    },
  };
}

it("fault 17: mail workers and Redis killed over and over: no mail is missing and none reaches a mailbox twice", async ({
  annotate,
}) => {
  // The provider takes its time to confirm, so that a kill nearly always hits mails that it has and nobody noted.
  smtp.answerAfter(60);
  await Promise.all([startWorker(), startWorker()]);
  const shoppers = shopOn(await openSessions(postgres, [1, 2, 3, 4]));
  for (let kill = 0; kill < workerKills; kill += 1) {
    const before = smtp.mails.length;
    await waitUntil("mail to flow", () => smtp.mails.length >= before + 20, startTimeoutMs);
    await workers.at(-2)?.child.stop("SIGKILL");
    await startWorker();
    if (kill % 2 === 1) {
      await redis.kill();
      await redis.start();
    }
  }
  const orderIds = await shoppers.stop();
  expect(Math.floor(workerKills / 2)).toBe(redisKills);

  const counted = () =>
    postgres.query<{ state: string; n: number }>("select state, count(*)::int as n from mail_outbox group by 1");
  await waitUntil(
    "an outbox where all is sent",
    async () => (await counted()).every(({ state }) => state === "sent"),
    startTimeoutMs,
  );
  expect(await counted()).toEqual([{ state: "sent", n: orderIds.length }]);

  // One mail an order, told apart by the id that a mailbox tells mails apart by.
  const rows = await postgres.query<{ id: string; event: string; attempts: number }>(
    "select id, event, attempts from mail_outbox",
  );
  expect(rows.map(({ event }) => event).toSorted()).toEqual(orderIds.map((id) => `order:${id}`).toSorted());
  const mailbox = new Map<string, number>();
  for (const { id = "none" } of smtp.mails) mailbox.set(id, (mailbox.get(id) ?? 0) + 1);
  expect([...mailbox.keys()].toSorted()).toEqual(rows.map(({ id }) => id).toSorted());

  // What was offered twice, under one id, had been in the hand of a worker that was killed; nothing else was.
  const attempts = new Map(rows.map((row) => [row.id, row.attempts]));
  const repeated = [...mailbox].filter(([, times]) => times > 1);
  await annotate(
    `${orderIds.length} orders, ${mailbox.size} mails; ${repeated.length} offered again under the id that they had`,
    "figure",
  );
  expect(repeated.length).toBeLessThanOrEqual(workerKills * inHand);
  expect(repeated.every(([id, times]) => times <= (attempts.get(id) ?? 0))).toBe(true);
  for (const worker of workers) expect(worker.child.output()).not.toMatch(/example\.test|mail-test/);
}, 240_000);
