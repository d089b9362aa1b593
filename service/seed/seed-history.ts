import type { ClientBase } from "pg";
import { figures } from "../contract/figures.ts";
import type { MailKind } from "../mail/mail.ts";

/** The seed's rows of history at its 100,000 users, a user: 10,000,000 login attempts, 500,000 sessions. */
const loginAttemptsPerUser = 100;
const sessionsPerUser = 5;
/** The seed is silent on orders kept; this is modest. */
const ordersPerUser = 2;
const historyDays = 120;

/**
 * History of the accounts whose ids are in the temporary table `seeded`: made inside the database, since it is far
 * more than their accounts. Random by hash, so that every run makes the same.
 */
export async function seedHistory(client: ClientBase): Promise<void> {
  await client.query(
    `insert into login_attempt (account_id, address, succeeded, created_at)
     select account_id, '10.0.0.0'::inet + (abs(hashint8(account_id)) % 16777216),
            abs(hashint8(account_id * 1000 + n)) % 20 > 0,
            now() - interval '1 day' * (${historyDays} * ((n - 0.5) / ${loginAttemptsPerUser}))
     from generate_series(${loginAttemptsPerUser}, 1, -1) n, seeded`,
  );
  await client.query(
    `insert into user_session (token_hash, account_id, created_at, expires_at)
     select sha256(('seeded session ' || account_id || ' ' || n)::bytea), account_id,
            now() - interval '3 days' * n, now() - interval '3 days' * n + interval '14 days'
     from generate_series(1, ${sessionsPerUser}) n, seeded`,
  );
  await seedOrders(client);
}

/** Ids are drawn before the rows are written, so that an order and its line know of each other. */
async function seedOrders(client: ClientBase): Promise<void> {
  await client.query(
    `with planned as materialized (
       select nextval(pg_get_serial_sequence('orders', 'id')) as id, s.account_id, p.id as product_id, p.name,
              p.price_cents, now() - interval '1 day' * (n * ${historyDays}.0 / ${ordersPerUser + 1}) as created_at
       from generate_series(${ordersPerUser}, 1, -1) n cross join seeded s
       join product p on p.id = 1 + (s.account_id * 31 + n) % (select max(id) from product)),
     placed as (
       insert into orders (id, account_id, total_cents, created_at)
       select id, account_id, price_cents, created_at from planned)
     insert into order_line (order_id, product_id, name, quantity, price_cents)
     select id, product_id, name, 1, price_cents from planned`,
  );
}

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
