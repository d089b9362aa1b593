import type { Mail } from "../mail/mail.ts";

/** The statement that writes a mail into the outbox, with its values; a second mail about the same event changes nothing. */
export function outboxInsert({ event, kind, to, subject, text }: Mail): readonly [string, readonly unknown[]] {
  return [
    `insert into mail_outbox (event, kind, recipient, subject, body) values ($1, $2, $3, $4, $5)
     on conflict (event) do nothing`,
    [event ?? null, kind, to, subject, text],
  ];
}
