import type { Queryable } from "./queryable.ts";

/** Sent mails are kept so that an event cannot be mailed twice; they are blank. */
const keepSentDays = 7;
/** Given up mails are kept to be tried again, but not for ever: they carry addresses. */
const keepFailedDays = 30;
const batch = 1_000;

/** Deletes a batch of what is over; gives the number of rows. */
export async function cleanOutbox(store: Queryable): Promise<number> {
  const rows = await store.query(
    `with sent as (select id from mail_outbox where state = 'sent' and ended_at < now() - interval '${keepSentDays} days'
                   order by ended_at limit ${batch} for update skip locked),
          failed as (select id from mail_outbox
                     where state = 'failed' and ended_at < now() - interval '${keepFailedDays} days'
                     order by ended_at limit ${batch} for update skip locked)
     delete from mail_outbox where id in (select id from sent union all select id from failed)
     returning id`,
  );
  return rows.length;
}
