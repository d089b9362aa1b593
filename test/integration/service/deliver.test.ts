import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Database } from "../../../service/store/database.ts";
import { countUnmailedOrders } from "../../../service/store/unmailed-orders.ts";
import { readScanFigures } from "../../../service/store/scan-figures.ts";
import { startSmtpReceiver } from "../../support/mail-receivers.ts";
import { startPostgres, type TestPostgres } from "../../support/postgres.ts";
import { migrateShop, runService, seedShop } from "../../support/shop.ts";
import { waitUntil } from "../../support/wait-until.ts";

let postgres: TestPostgres;
let smtp: Awaited<ReturnType<typeof startSmtpReceiver>>;
let database: Database;

beforeAll(async () => {
  [postgres, smtp] = await Promise.all([
    startPostgres(["shared_preload_libraries = 'pg_stat_statements'"]),
    startSmtpReceiver(),
  ]);
  await migrateShop(postgres);
  await seedShop(postgres, 20, 200);
  database = new Database({
    url: postgres.shopUrl(),
    poolSize: 1,
    onWait: () => undefined,
    onError: () => undefined,
  });
});
afterAll(async () => {
  await database?.close();
  await smtp?.stop();
  await postgres?.stop();
});
beforeEach(() => postgres.query("truncate mail_outbox, mail_log"));

const deliver = async (more: Record<string, string> = {}): Promise<unknown> => {
  const output = await runService("deliver.ts", [], {
    SHOP_DATABASE_URL: postgres.shopUrl(),
    SHOP_MAIL: "smtp",
    SHOP_SMTP_URL: smtp.url,
    SHOP_MAIL_FROM: "shop@example.test",
    SHOP_MAIL_LEASE_MS: "6000",
    ...more,
  });
  expect(output).not.toContain("@example.test");
  return JSON.parse(output.split("\n").find((line) => line.startsWith("{")) ?? "");
};

const states = (): Promise<{ event: string; state: string; last_error: string | null }[]> =>
  postgres.query("select event, state, last_error from mail_outbox order by event");

/** A mail about order `n`, with whatever else stands in its row. */
const write = (n: number, more: Record<string, string> = {}): Promise<unknown> =>
  postgres.query(
    `insert into mail_outbox (event, kind, recipient, subject, body ${Object.keys(more)
      .map((name) => `, ${name}`)
      .join("")})
     values ('order:${n}', 'order-confirmation', 'ada@example.test', 'Your order', 'text' ${Object.values(more)
       .map((value) => `, ${value}`)
       .join("")})`,
  );

describe("a delivery without a queue", () => {
  it("sends what is due, what waits for its next try, and what a dead worker had in hand once its lease is over", async () => {
    const before = smtp.mails.length;
    await write(1);
    await write(2, { due_at: "now() + interval '1 hour'", attempts: "30", last_error: "'450'" });
    await write(3, { state: "'sending'", attempts: "1", lease_until: "now() + interval '2 seconds'" });
    expect(await deliver()).toEqual({ schema: "shop.delivery/1", sent: 3, failed: 0 });
    expect((await states()).map(({ event, state }) => [event, state])).toEqual(
      [1, 2, 3].map((n) => [`order:${n}`, "sent"]),
    );
    expect(smtp.mails.length - before).toBe(3);
    expect(await deliver()).toEqual({ schema: "shop.delivery/1", sent: 0, failed: 0 });
  });

  it("gives up what cannot be sent now, for the list of failed mails, and waits for no day to pass", async () => {
    smtp.refuse(true);
    await write(1);
    expect(await deliver()).toEqual({ schema: "shop.delivery/1", sent: 0, failed: 1 });
    smtp.refuse(false);
    expect(await states()).toEqual([{ event: "order:1", state: "failed", last_error: "450" }]);
    await postgres.query("truncate mail_outbox");
    await write(1, { expires_at: "now()" });
    expect(await deliver()).toEqual({ schema: "shop.delivery/1", sent: 0, failed: 1 });
    expect(await states()).toEqual([{ event: "order:1", state: "failed", last_error: "expired" }]);
    await postgres.query("update mail_outbox set expires_at = null");
    await write(2);
    await postgres.query(
      "insert into mail_log (kind, transport, outcome) values ('order-confirmation', 'smtp', 'accepted')",
    );
    expect(await deliver({ SHOP_MAIL_QUOTA_PER_DAY: "1" })).toEqual({ schema: "shop.delivery/1", sent: 0, failed: 1 });
    expect((await states())[1]).toEqual({ event: "order:2", state: "failed", last_error: "no-worker" });
    expect(await runService("mails.ts", ["retry", "--all"], { SHOP_MAILS_URL: postgres.adminUrl() })).toContain(
      "retried",
    );
    expect(await deliver()).toEqual({ schema: "shop.delivery/1", sent: 2, failed: 0 });
  });
});

it("orders whose confirmation nobody sent are counted, those of right now and of long ago are not", async () => {
  const order = (age: string): Promise<unknown> =>
    postgres.query(`insert into orders (account_id, total_cents, created_at) values (1, 1, now() - interval '${age}')`);
  await postgres.query("delete from order_line; delete from orders");
  expect(await countUnmailedOrders(database)).toBe(0);
  for (const age of ["2 hours", "3 minutes", "2 minutes", "1 second"]) await order(age);
  expect(await countUnmailedOrders(database)).toBe(2);
  await postgres.query(
    "insert into mail_log (kind, transport, outcome, created_at) values ('order-confirmation', 'smtp', 'failed', now() - interval '3 minutes')",
  );
  expect(await countUnmailedOrders(database)).toBe(1);
});

it("rows that sequential scans read and that the shop's statements return are counted by table", async () => {
  expect((await readScanFigures(database)).map(({ rowsReturned }) => rowsReturned)).toEqual([null, null, null]);
  await postgres.query("create extension pg_stat_statements");
  const product = async () => (await readScanFigures(database)).find(({ table }) => table === "product")!;
  const before = await product();
  await database.query("select id from product where price_cents >= 0 limit 50");
  await database.query("select count(*) from product where name = 'none'");
  // A session's counts are written down when it rests for a second or ends.
  await database.close();
  database = new Database({ url: postgres.shopUrl(), poolSize: 1, onWait: () => undefined, onError: () => undefined });
  const after = await waitUntil("the counts", async () => {
    const now = await product();
    return now.rowsScanned - before.rowsScanned >= 250 && now;
  });
  expect((after.rowsReturned ?? 0) - (before.rowsReturned ?? 0)).toBe(51);
  expect(after.rowsScanned - before.rowsScanned).toBe(250);
});
