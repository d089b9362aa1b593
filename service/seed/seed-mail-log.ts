import type { ClientBase } from "pg";
import { figures } from "../contract/figures.ts";
import type { MailKind } from "../mail/mail.ts";

/** Fills the last 24 hours of the mail log up to the seed's mails a day, scaled to `users`. */
export async function seedMailLog(client: ClientBase, users: number): Promise<void> {
  for (const [kind, perDay] of Object.entries(mailsPerDay(users))) {
    await client.query(
      `insert into mail_log (kind, transport, outcome, created_at)
       select $1, 'smtp', 'accepted', now() - interval '24 hours' * ((n - 0.5) / $2::float8)
       from generate_series($2::integer, 1 + (select count(*) from mail_log
                            where kind = $1 and created_at > now() - interval '24 hours')::integer, -1) n`,
      [kind, perDay],
    );
  }
}

/** Rounded so that the kinds add up to the seed's total; the largest kind takes what rounding leaves. */
function mailsPerDay(users: number): Record<MailKind, number> {
  const { registration, passwordReset, securityAlert, total } = figures.email.perDayAt100k;
  const scaled = (perDay: number): number => Math.round((perDay * users) / figures.growth.targetUsers);
  const others = {
    registration: scaled(registration),
    "password-reset": scaled(passwordReset),
    "security-alert": scaled(securityAlert),
  };
  const taken = Object.values(others).reduce((sum, count) => sum + count, 0);
  return { ...others, "order-confirmation": Math.max(0, scaled(total) - taken) };
}
