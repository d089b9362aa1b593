import type { Mail } from "../mail/mail.ts";
import type { Queryable } from "./database.ts";

/** Writes a mail into the outbox; a second one about the same event changes nothing. */
export async function insertOutboxMail(store: Queryable, { event, kind, to, subject, text }: Mail): Promise<void> {
  await store.query(
    `insert into mail_outbox (event, kind, recipient, subject, body) values ($1, $2, $3, $4, $5)
     on conflict (event) do nothing`,
    [event ?? null, kind, to, subject, text],
  );
}
