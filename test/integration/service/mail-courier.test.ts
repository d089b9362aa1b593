import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import {
  alreadyRegisteredMail,
  newDeviceMail,
  passwordResetMail,
  registrationMail,
} from "../../../service/mail/account-letters.ts";
import type { MailTransport } from "../../../service/mail/mail.ts";
import { QueuedPostOffice } from "../../../service/mail/queued-post-office.ts";
import { MailCourier, type CourierEvent } from "../../../service/queue/mail-courier.ts";
import { Database } from "../../../service/store/database.ts";
import { retryFailedMails } from "../../../service/store/outbox-failures.ts";
import { startPostgres, type TestPostgres } from "../../support/postgres.ts";
import { migrateShop } from "../../support/shop.ts";
import { waitUntil } from "../../support/wait-until.ts";

let postgres: TestPostgres;
let database: Database;
let sent: string[];
let events: CourierEvent["event"][];

beforeAll(async () => {
  postgres = await startPostgres();
  await migrateShop(postgres);
  database = new Database({ url: postgres.shopUrl(), poolSize: 2, onWait: () => undefined, onError: () => undefined });
});
afterAll(async () => {
  await database?.close();
  await postgres?.stop();
});
beforeEach(async () => {
  [sent, events] = [[], []];
  await postgres.query("truncate mail_outbox, mail_log");
});

const transport: MailTransport = {
  name: "smtp",
  send: (_from, mail) => Promise.resolve(void sent.push(mail.to)),
  isFinal: () => false,
  close: () => undefined,
};

const newCourier = (): MailCourier =>
  new MailCourier({
    database,
    transport,
    from: "shop@example.test",
    timeoutMs: 1_000,
    quotaPerDay: 100,
    attempts: 2,
    backoffMs: 1,
    leaseMs: 300,
    onEvent: (_id, { event }) => events.push(event),
  });

/** Writes a mail with whatever else stands in its row; gives its id. */
async function write(more: Record<string, string> = {}): Promise<string> {
  const names = Object.keys(more).map((name) => `, ${name}`);
  const values = Object.values(more).map((value) => `, ${value}`);
  const [row] = await postgres.query<{ id: string }>(
    `insert into mail_outbox (kind, recipient, subject, body ${names.join("")})
     values ('password-reset', 'ada@example.test', 'Code', 'code' ${values.join("")}) returning id`,
  );
  return row!.id;
}

const rows = (): Promise<{ state: string; last_error: string | null }[]> =>
  postgres.query("select state, last_error from mail_outbox order by created_at");

it("a note that the database refuses keeps a worker for a lease and no longer, and it does not send that mail again", async () => {
  const id = await write();
  const courier = newCourier();
  await postgres.query("revoke insert on mail_log from shop");
  try {
    expect(await courier.deliver(id)).toEqual({ next: "over" });
    expect(events.slice(0, 2)).toEqual(["sent", "not-noted"]);
    // More often than a mail may be tried: it is not abandoned either, for it was sent.
    for (let look = 0; look < 3; look += 1)
      await waitUntil("its lease's end", async () => (await courier.deliver(id)).next === "over");
  } finally {
    await postgres.query("grant insert on mail_log to shop");
  }
  await waitUntil("the note", async () => {
    await courier.deliver(id);
    return (await rows())[0]?.state === "sent";
  });
  expect(sent).toEqual(["ada@example.test"]);
});

it("a code that ended is given up when it would be sent: no place of the day's quota is used, and a retry changes nothing", async () => {
  const id = await write({ expires_at: "now() - interval '1 second'" });
  const good = await write({ expires_at: "now() + interval '1 minute'" });
  expect([await newCourier().deliver(id), await newCourier().deliver(good)]).toEqual([
    { next: "over" },
    { next: "over" },
  ]);
  expect([sent.length, events]).toEqual([1, ["expired", "sent"]]);
  expect(await rows()).toEqual([
    { state: "failed", last_error: "expired" },
    { state: "sent", last_error: null },
  ]);
  expect(await postgres.query("select outcome from mail_log")).toEqual([{ outcome: "accepted" }]);
  expect(await retryFailedMails(database)).toEqual([id]);
  await newCourier().deliver(id);
  expect([sent.length, (await rows())[0]]).toEqual([1, { state: "failed", last_error: "expired" }]);
});

it("a mail with a code is good for as long as its code", async () => {
  const office = new QueuedPostOffice({
    database,
    onQueued: () => undefined,
    onError: () => undefined,
    onTime: () => undefined,
  });
  for (const letter of [registrationMail, passwordResetMail, alreadyRegisteredMail])
    await office.send(letter("ada@example.test", "code"));
  await office.send(newDeviceMail("ada@example.test", "a browser", new Date()));
  expect(
    await postgres.query(
      "select (extract(epoch from expires_at - created_at) / 60)::float8 as minutes from mail_outbox order by created_at",
    ),
  ).toEqual([1_440, 30, 30, null].map((minutes) => ({ minutes })));
});
