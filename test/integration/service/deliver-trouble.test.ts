import { createServer } from "node:net";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startChild } from "../../support/child.ts";
import { freePort } from "../../support/free-port.ts";
import { startPostgres, type TestPostgres } from "../../support/postgres.ts";
import { migrateShop } from "../../support/shop.ts";

let postgres: TestPostgres;

beforeAll(async () => {
  postgres = await startPostgres();
  await migrateShop(postgres);
});
afterAll(() => postgres?.stop());

it("deliver.js ends when a mail cannot be claimed while another one is being sent", async () => {
  // A provider that takes connections and says nothing.
  const silent = createServer(() => undefined);
  const port = await freePort();
  await new Promise<void>((resolve) => silent.listen(port, "127.0.0.1", resolve));
  for (const event of ["order:1", "order:2"]) {
    await postgres.query(
      `insert into mail_outbox (event, kind, recipient, subject, body)
       values ($1, 'order-confirmation', 'ada@example.test', 'Your order', 'text')`,
      [event],
    );
  }
  const blocker = new pg.Client({ connectionString: postgres.adminUrl() });
  await blocker.connect();
  await blocker.query("begin");
  await blocker.query("select from mail_outbox where event = 'order:2' for update");
  const child = startChild(process.execPath, [join(import.meta.dirname, "../../../service/deliver.ts")], {
    env: {
      ...process.env,
      SHOP_DATABASE_URL: postgres.shopUrl(),
      SHOP_MAIL: "smtp",
      SHOP_SMTP_URL: `smtp://127.0.0.1:${port}?ignoreTLS=true`,
      SHOP_MAIL_FROM: "shop@example.test",
      SHOP_MAIL_LEASE_MS: "6000",
    },
  });
  try {
    const late = new Promise<string>((resolve) => setTimeout(resolve, 15_000, "still running"));
    expect(await Promise.race([child.exited, late]), child.output()).toBe(1);
  } finally {
    await child.stop("SIGKILL");
    await blocker.end();
    silent.close();
  }
});
