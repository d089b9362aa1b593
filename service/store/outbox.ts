import type { Mail } from "../mail/mail.ts";

/** The statement that writes a mail into the outbox, with its values; a second mail about the same event changes nothing. */
export function outboxInsert(mail: Mail): readonly [string, readonly unknown[]] {
  const { event, kind, to, subject, text, goodForMinutes } = mail;
  return [
    `insert into mail_outbox (event, kind, recipient, subject, body, expires_at)
     values ($1, $2, $3, $4, $5, now() + $6::float8 * interval '1 minute')
     on conflict (event) do nothing`,
    [event ?? null, kind, to, subject, text, goodForMinutes ?? null],
  ];
}
