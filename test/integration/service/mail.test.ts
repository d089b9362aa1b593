import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Order } from "../../../service/contract/orders.ts";
import { routes, seededUser } from "../../../service/contract/routes.ts";
import {
  startSendgridReceiver,
  startSesReceiver,
  startSmtpReceiver,
  type MailReceiver,
} from "../../support/mail-receivers.ts";
import { startPostgres, type TestPostgres } from "../../support/postgres.ts";
import { migrateShop, openSession, seedShop, startShop } from "../../support/shop.ts";
import { waitUntil } from "../../support/wait-until.ts";

let postgres: TestPostgres;
let smtp: MailReceiver;
let sendgrid: Awaited<ReturnType<typeof startSendgridReceiver>>;
let ses: MailReceiver;

beforeAll(async () => {
  [postgres, smtp, sendgrid, ses] = await Promise.all([
    startPostgres(),
    startSmtpReceiver(),
    startSendgridReceiver(),
    startSesReceiver(),
  ]);
  await migrateShop(postgres);
  await seedShop(postgres, 100, 50);
});
afterAll(async () => {
  await Promise.all([smtp?.stop(), sendgrid?.stop(), ses?.stop()]);
  await postgres?.stop();
});

const envOf = {
  smtp: () => ({ SHOP_MAIL: "smtp", SHOP_SMTP_URL: smtp.url }),
  sendgrid: () => ({
    SHOP_MAIL: "sendgrid",
    SHOP_SENDGRID_API_KEY: "mail-test-key",
    SHOP_SENDGRID_BASE_URL: sendgrid.url,
  }),
  ses: () => ({
    SHOP_MAIL: "ses",
    SHOP_SES_REGION: "eu-central-1",
    SHOP_SES_ENDPOINT: ses.url,
    SHOP_MAIL_QUOTA_PER_DAY: "9000",
    AWS_ACCESS_KEY_ID: "TESTKEY",
    AWS_SECRET_ACCESS_KEY: "mail-test-key",
  }),
};

describe.each([
  ["smtp", 500],
  ["sendgrid", 40_000 / 30],
  ["ses", 9_000],
] as const)("mail by %s", (transport, quota) => {
  it("goes out with an order and a registration, is counted, and never fails either", async () => {
    const receiver = { smtp, sendgrid, ses }[transport];
    const shop = await startShop(postgres.shopUrl(), envOf[transport]());
    const series = (kind: string, outcome: string) =>
      shop.metric(`shop_mail_messages_total{kind="${kind}",transport="${transport}",outcome="${outcome}"}`);
    try {
      const token = await openSession(postgres, 1);
      const buy = () => shop.fetch(routes.orders, { token, json: { lines: [{ productId: 1, quantity: 2 }] } });
      const placed = (await (await buy()).json()) as Order;
      expect(receiver.mails.at(-1)?.to).toEqual([seededUser.email(1)]);
      expect(receiver.mails.at(-1)?.content).toContain(`Your order ${placed.id}`);

      const email = `new-${transport}@example.test`;
      expect((await shop.fetch(routes.register, { json: { email, password: "a long password" } })).status).toBe(202);
      expect(receiver.mails.at(-1)?.to).toEqual([email]);

      receiver.refuse(true);
      expect((await buy()).status).toBe(201);
      receiver.refuse(false);

      expect(await series("order-confirmation", "accepted")).toBe(1);
      expect(await series("order-confirmation", "failed")).toBe(1);
      expect(await series("registration", "accepted")).toBe(1);
      expect(await shop.metric("shop_mail_quota_per_day")).toBeCloseTo(quota, 6);
      const logged = await postgres.query(
        "select kind, outcome, count(*)::int from mail_log where transport = $1 and id > 7 group by 1, 2 order by 1, 2",
        [transport],
      );
      expect(logged).toEqual([
        { kind: "order-confirmation", outcome: "accepted", count: 1 },
        { kind: "order-confirmation", outcome: "failed", count: 1 },
        { kind: "registration", outcome: "accepted", count: 1 },
      ]);
      // The sample every five seconds sees the seed's 7 mails and these.
      if (transport === "smtp") {
        await waitUntil("the sample", async () => (await shop.metric("shop_mail_last_day")) === 10);
      }
    } finally {
      receiver.refuse(false);
      expect(await shop.stop()).toBe(0);
    }
    expect(shop.child.output()).not.toMatch(/example\.test|mail-test/);
  });
});

it("a provider that never answers holds an order up for five seconds and no longer", async () => {
  const shop = await startShop(postgres.shopUrl(), envOf.sendgrid());
  try {
    sendgrid.stall(true);
    const startedAt = performance.now();
    const token = await openSession(postgres, 2);
    const answer = await shop.fetch(routes.orders, { token, json: { lines: [{ productId: 2, quantity: 1 }] } });
    expect(answer.status).toBe(201);
    expect(performance.now() - startedAt).toBeGreaterThan(4_900);
    expect(performance.now() - startedAt).toBeLessThan(6_000);
  } finally {
    sendgrid.stall(false);
    await shop.stop();
  }
});
