import type { Queryable } from "./queryable.ts";

/** A confirmation takes its request's time; after this long nobody is at it any more. */
const settledSeconds = 60;
/** Orders that are looked at, newest first, so that the question costs the same in any shop. */
const mostOrders = 2_000;

/**
 * Orders of the last hour, at most the newest 2,000, whose confirmation nobody handed to a provider although each request
 * does that itself: their processes died in between. A lower bound, for what is being sent right now counts as sent.
 */
export async function countUnmailedOrders(store: Queryable): Promise<number> {
  const rows = await store.query<{ unmailed: number }>(
    `with recent as materialized (select created_at from orders order by id desc limit ${mostOrders}),
          since as (select greatest(min(created_at), now() - interval '1 hour') as at from recent)
     select greatest(0,
              (select count(*) from recent, since
                where created_at >= since.at and created_at < now() - interval '${settledSeconds} seconds')
            - (select count(*) from mail_log, since
                where kind = 'order-confirmation' and mail_log.created_at >= since.at))::integer as unmailed`,
  );
  return rows[0]?.unmailed ?? 0;
}
