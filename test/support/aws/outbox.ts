import { asSuperuser } from "./rds-database.ts";

/** A mail that the worker gave up, about an event. */
export async function giveUpMail(event: string): Promise<void> {
  await asSuperuser((client) =>
    client.query(
      `insert into mail_outbox (event, kind, recipient, subject, body, state, attempts, last_error, ended_at)
       values ($1, 'order-confirmation', 'customer@example.test', 'Your order', 'Thank you', 'failed', 5, '550', now())`,
      [event],
    ),
  );
}

/** States of the mails in the outbox, by event. */
export async function mailStates(): Promise<Record<string, string>> {
  const { rows } = await asSuperuser((client) =>
    client.query<{ event: string; state: string }>("select event, state from mail_outbox where event is not null"),
  );
  return Object.fromEntries(rows.map(({ event, state }) => [event, state]));
}

export async function forgetMails(): Promise<void> {
  await asSuperuser((client) => client.query("delete from mail_outbox"));
}
