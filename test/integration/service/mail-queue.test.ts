import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Order } from "../../../service/contract/orders.ts";
import { routes, seededUser } from "../../../service/contract/routes.ts";
import { startSendgridReceiver, startSmtpReceiver } from "../../support/mail-receivers.ts";
import { startMailWorker, startReadyMailWorker, type TestMailWorker } from "../../support/mail-worker.ts";
import { startPostgres, type TestPostgres } from "../../support/postgres.ts";
import { startRedis, type TestRedis } from "../../support/redis.ts";
import { migrateShop, openSession, runService, seedShop, startShop, type TestShop } from "../../support/shop.ts";
import { waitUntil as waitFor } from "../../support/wait-until.ts";

/** A busy machine takes its time to start a process. */
const longestWaitMs = 60_000;
const waitUntil = <T>(
  what: string,
  condition: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T> => waitFor(what, condition, longestWaitMs);

let postgres: TestPostgres;
let redis: TestRedis;
let smtp: Awaited<ReturnType<typeof startSmtpReceiver>>;
let sendgrid: Awaited<ReturnType<typeof startSendgridReceiver>>;
let shop: TestShop;
let worker: TestMailWorker | undefined;

beforeAll(async () => {
  [postgres, redis, smtp, sendgrid] = await Promise.all([
    startPostgres(),
    startRedis(["--maxmemory-policy", "noeviction"]),
    startSmtpReceiver(),
    startSendgridReceiver(),
  ]);
  await migrateShop(postgres);
  await seedShop(postgres, 20, 20);
  // No credentials of a provider and no Redis: the shop only writes into the outbox.
  shop = await startShop(postgres.shopUrl(), { SHOP_MAIL: "sendgrid", SHOP_MAIL_DELIVERY: "queue" });
});
afterAll(async () => {
  await shop?.stop();
  await Promise.all([smtp?.stop(), sendgrid?.stop(), redis?.stop()]);
  await postgres?.stop();
});
beforeEach(async () => {
  await postgres.query("truncate mail_outbox, mail_log");
});
afterEach(async () => {
  await worker?.stop();
  worker = undefined;
});

const bySmtp = (): Record<string, string> => ({
  SHOP_DATABASE_URL: postgres.shopUrl(),
  SHOP_QUEUE_REDIS_URL: redis.url,
  SHOP_MAIL: "smtp",
  SHOP_SMTP_URL: smtp.url,
});
const bySendgrid = (): Record<string, string> => ({
  ...bySmtp(),
  SHOP_MAIL: "sendgrid",
  SHOP_SENDGRID_API_KEY: "mail-test-key",
  SHOP_SENDGRID_BASE_URL: sendgrid.url,
});

const mails = async (...args: string[]): Promise<unknown> =>
  JSON.parse(await runService("mails.ts", args, { SHOP_MAILS_URL: postgres.adminUrl() }));

interface OutboxRow {
  id: string;
  event: string | null;
  state: string;
  attempts: number;
  last_error: string | null;
  contents: string;
}

const outbox = (): Promise<OutboxRow[]> =>
  postgres.query<OutboxRow>(
    `select id, event, state, attempts, last_error, concat(recipient, subject, body) as contents
     from mail_outbox order by created_at, id`,
  );

const writeMails = (count: number, kind = "order-confirmation"): Promise<unknown> =>
  postgres.query(
    `insert into mail_outbox (event, kind, recipient, subject, body)
     select 'test:' || n, $2, 'reader' || n || '@example.test', 'Hello ' || n, 'secret token ' || n
     from generate_series(1, $1::integer) n`,
    [count, kind],
  );

const allAre = (state: string) =>
  waitUntil(`mails that are ${state}`, async () => {
    const rows = await outbox();
    return rows.length > 0 && rows.every((row) => row.state === state);
  });

const buy = async (key?: string): Promise<Response> =>
  shop.fetch(routes.orders, {
    token: await openSession(postgres, 1),
    json: { lines: [{ productId: 1, quantity: 1 }] },
    headers: key === undefined ? {} : { "idempotency-key": key },
  });

describe("an order's confirmation", { timeout: 120_000 }, () => {
  it("stands in the outbox with the order, once however often the order is sent, and not without it", async () => {
    const answers = [await buy("one"), await buy("one")];
    const { id } = (await answers[0]!.json()) as Order;
    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    expect(await outbox()).toMatchObject([{ event: `order:${id}`, state: "waiting", attempts: 0 }]);
    await postgres.query("update product set stock = 0 where id = 2");
    const token = await openSession(postgres, 1);
    const lines = [
      { productId: 1, quantity: 1 },
      { productId: 2, quantity: 1 },
    ];
    expect((await shop.fetch(routes.orders, { token, json: { lines } })).status).toBe(409);
    expect(await outbox()).toHaveLength(1);
    expect(await shop.metric('shop_mail_queued_total{kind="order-confirmation"}')).toBe(1);
    expect(await shop.metric('shop_mail_in_request_seconds_count{delivery="queue"}')).toBe(1);
  });

  it("is undone with the order when it cannot be written", async () => {
    const [before] = await postgres.query<{ n: number }>("select count(*)::int as n from orders");
    await postgres.query("revoke insert on mail_outbox from shop");
    expect((await buy()).status).toBe(500);
    await postgres.query("grant insert on mail_outbox to shop");
    expect(await postgres.query("select count(*)::int as n from orders")).toEqual([before]);
  });

  it("reaches the customer by a worker, whereupon nothing of it is left in the database", async () => {
    const { id } = (await (await buy()).json()) as Order;
    const email = "queued@example.test";
    expect((await shop.fetch(routes.register, { json: { email, password: "a long password" } })).status).toBe(202);
    const [order, registration] = await outbox();
    worker = await startReadyMailWorker(bySmtp());
    await allAre("sent");
    expect(smtp.mails.map((mail) => [mail.id, mail.to])).toEqual(
      expect.arrayContaining([
        [order!.id, [seededUser.email(1)]],
        [registration!.id, [email]],
      ]),
    );
    expect(smtp.mails.find((mail) => mail.id === order!.id)?.content).toContain(`Your order ${id}`);
    expect((await outbox()).map(({ contents, attempts }) => [contents, attempts])).toEqual([
      ["", 1],
      ["", 1],
    ]);
    expect(await postgres.query("select transport, outcome, count(*)::int from mail_log group by 1, 2")).toEqual([
      { transport: "smtp", outcome: "accepted", count: 2 },
    ]);
    const accepted = 'shop_mail_messages_total{kind="order-confirmation",transport="smtp",outcome="accepted"}';
    expect(await worker.metric(accepted)).toBe(1);
    expect(await worker.metric("shop_mail_delay_seconds_count")).toBe(2);
    await waitUntil("an empty queue", async () => (await worker?.metric('shop_queue_jobs{state="active"}')) === 0);
    expect(await worker.stop()).toBe(0);
    expect(worker.child.output()).not.toMatch(/example\.test|mail-test|eviction/i);
  });
});

describe("a worker", { timeout: 120_000 }, () => {
  it("tries again with growing waits what a provider refuses for now", async () => {
    sendgrid.refuse(true);
    await writeMails(1);
    worker = await startReadyMailWorker(bySendgrid());
    await waitUntil("three tries", async () => ((await outbox())[0]?.attempts ?? 0) >= 3);
    expect(await outbox()).toMatchObject([{ last_error: "503" }]);
    sendgrid.refuse(false);
    await allAre("sent");
    const [row] = await outbox();
    expect(sendgrid.mails.filter(({ id }) => id === row!.id)).toHaveLength(1);
    expect(worker.child.output()).not.toMatch(/example\.test|secret token/);
  });

  it("gives up what nobody will ever take or has refused too often; the list shows it and it can be retried", async () => {
    smtp.refuseWith("550 5.1.1 no such reader@example.test");
    await writeMails(2, "password-reset");
    worker = await startReadyMailWorker({ ...bySmtp(), SHOP_MAIL_ATTEMPTS: "2" });
    await allAre("failed");
    expect((await outbox()).map(({ attempts, last_error }) => [attempts, last_error])).toEqual([
      [1, "550"],
      [1, "550"],
    ]);
    smtp.refuse(true);
    const listed = (await mails("failed")) as { mails: { id: string }[] };
    expect(listed.mails).toMatchObject([
      { kind: "password-reset", domain: "example.test", attempts: 1, error: "550" },
      { kind: "password-reset", domain: "example.test", attempts: 1, error: "550" },
    ]);
    expect(JSON.stringify(listed)).not.toMatch(/reader|secret/);
    const [first, second] = listed.mails;
    expect(await mails("retry", first!.id)).toEqual({ retried: [first!.id] });
    await waitUntil("two more tries", async () => {
      const row = (await outbox()).find(({ id }) => id === first!.id);
      return row?.state === "failed" && row.attempts === 2 && row.last_error === "450";
    });
    expect(await worker.metric('shop_mail_dead_total{kind="password-reset"}')).toBe(3);
    smtp.refuse(false);
    const all = (await mails("retry", "--all")) as { retried: string[] };
    expect(all.retried.toSorted()).toEqual([first!.id, second!.id].toSorted());
    await allAre("sent");
    await expect(mails("retry", "no-id")).rejects.toThrow("usage");
    expect(worker.child.output()).not.toMatch(/example\.test|secret token/);
  });

  it("holds mail when the day's quota is used up, over all workers and what requests sent, until it has room", async () => {
    await postgres.query(
      `insert into mail_log (kind, transport, outcome, created_at)
       select 'registration', 'smtp', 'accepted', now() - interval '23 hours' from generate_series(1, 4)`,
    );
    await writeMails(12, "registration");
    const env = { ...bySmtp(), SHOP_MAIL_QUOTA_PER_DAY: "10" };
    worker = await startMailWorker(env);
    const other = await startReadyMailWorker(env);
    const sent = async () => (await outbox()).filter(({ state }) => state === "sent").length;
    try {
      await waitUntil("the hold", async () => {
        const held = await Promise.all([worker?.metric("shop_mail_held"), other.metric("shop_mail_held")]);
        return held.includes(1) && (await sent()) === 6;
      });
      expect((await outbox()).every(({ attempts, state }) => attempts === (state === "sent" ? 1 : 0))).toBe(true);
    } finally {
      await Promise.all([worker.stop(), other.stop()]);
    }
    // What the operator says counts before the plan's, and at once for a queue that begins anew.
    expect(await mails("quota", "smtp", "16")).toEqual({ transport: "smtp", perDay: 16, isSet: true, sentLastDay: 10 });
    await redis.kill();
    await redis.start();
    worker = await startReadyMailWorker(env);
    await allAre("sent");
    await waitUntil("the metric", async () => (await worker?.metric("shop_mail_quota_per_day")) === 16);
    expect(await mails("quota", "smtp", "plan")).toMatchObject({ perDay: 500, isSet: false, sentLastDay: 16 });
    await expect(mails("quota", "pigeon")).rejects.toThrow("usage");
    await expect(mails("quota", "smtp", "0")).rejects.toThrow("usage");
  });

  it("has no figures of the queue while its Redis is away, by which an alert knows, and has them again", async () => {
    worker = await startReadyMailWorker(bySmtp());
    const waiting = (): Promise<number | undefined> | undefined => worker?.metric('shop_queue_jobs{state="waiting"}');
    expect(await waiting()).toBe(0);
    await redis.kill();
    expect(await waiting()).toBeUndefined();
    await redis.start();
    await waitUntil("the figures", async () => (await waiting()) === 0);
  });

  it("leaves a tenth of the day to mails without which somebody is locked out, however many orders there are", async () => {
    await writeMails(12);
    worker = await startReadyMailWorker({ ...bySmtp(), SHOP_MAIL_QUOTA_PER_DAY: "10" });
    const sent = async () => (await outbox()).filter(({ state }) => state === "sent").map(({ event }) => event);
    await waitUntil("nine of them", async () => (await sent()).length === 9);
    await waitUntil("the hold", async () => (await worker?.metric("shop_mail_held")) === 1);
    await postgres.query(
      `insert into mail_outbox (event, kind, recipient, subject, body)
       values ('reset', 'password-reset', 'reader@example.test', 'Your code', 'secret token')`,
    );
    await waitUntil("the code", async () => (await sent()).includes("reset"));
    expect(await sent()).toHaveLength(10);
  });

  it("finishes the mail in hand when it is told to stop", async () => {
    await writeMails(1);
    sendgrid.acceptSilently(true);
    const before = sendgrid.mails.length;
    worker = await startReadyMailWorker(bySendgrid());
    await waitUntil("the mail in hand", () => sendgrid.mails.length > before);
    worker.child.process.kill("SIGTERM");
    await waitUntil("the drain", async () => !(await worker?.ready()));
    sendgrid.acceptSilently(false);
    expect(await worker.child.exited).toBe(0);
    expect(await outbox()).toMatchObject([{ state: "sent", attempts: 1, contents: "" }]);
    expect(sendgrid.mails).toHaveLength(before + 1);
  });

  it("sends again, under the same id, what a worker that was killed had in hand", async () => {
    await writeMails(1);
    sendgrid.acceptSilently(true);
    worker = await startReadyMailWorker(bySendgrid());
    const [row] = await outbox();
    const offered = () => sendgrid.mails.filter(({ id }) => id === row!.id).length;
    await waitUntil("the provider has the mail", () => offered() === 1);
    await worker.child.stop("SIGKILL");
    sendgrid.acceptSilently(false);
    worker = await startReadyMailWorker(bySendgrid());
    await allAre("sent");
    expect(offered()).toBe(2);
    expect(await worker.metric("shop_mail_taken_over_total")).toBe(1);
  });
});

it("the shop clears away what was sent a week and given up a month ago and nothing else, also where no worker runs any more", async () => {
  await postgres.query(
    `insert into mail_outbox (event, kind, recipient, subject, body, state, ended_at)
     select 'sent ' || days, 'registration', null, null, null, 'sent', now() - days * interval '1 day'
     from unnest(array[6, 8]) as days
     union all
     select 'failed ' || days, 'registration', 'a@example.test', 's', 'b', 'failed', now() - days * interval '1 day'
     from unnest(array[29, 31]) as days`,
  );
  const inline = await startShop(postgres.shopUrl());
  try {
    const left = async () => (await outbox()).map(({ event }) => String(event)).toSorted();
    await waitUntil("the clearing", async () => (await left()).length === 2);
    expect(await left()).toEqual(["failed 29", "sent 6"]);
  } finally {
    await inline.stop();
  }
});

it("a Redis that may throw jobs away is warned of, and a worker ends also when its Redis is gone", async () => {
  const cache = await startRedis(["--maxmemory-policy", "allkeys-lru"]);
  worker = await startReadyMailWorker({ ...bySmtp(), SHOP_QUEUE_REDIS_URL: cache.url });
  await waitUntil("the warning", () => worker?.child.output().includes('"policy":"allkeys-lru"'));
  await cache.stop();
  await waitUntil("the loss", async () => !(await worker?.ready()));
  expect(await worker.stop()).toBe(0);
}, 120_000);
