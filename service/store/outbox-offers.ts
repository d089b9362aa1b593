import type { Database } from "./database.ts";

/** A mail as the queue gets it: nothing but its id and how long it has to wait. */
export interface OutboxOffer {
  readonly id: string;
  readonly delayMs: number;
}

export interface OfferRound {
  /** The life of the queue: what was offered to an earlier one is offered again. */
  readonly queueLife: string;
  readonly limit: number;
  /** A mail that is due for as long as this although it was offered is offered once more. */
  readonly overdueMs: number;
}

/**
 * Gives mails that the queue does not have to `offer`, oldest first, and notes that it has them. Workers that do this at
 * the same time get different mails. When `offer` throws, nothing is noted; gives the number of mails.
 */
export function offerMails(
  database: Database,
  { queueLife, limit, overdueMs }: OfferRound,
  offer: (mails: readonly OutboxOffer[]) => Promise<void>,
): Promise<number> {
  return database.transaction(
    async (transaction) => {
      const mails = await transaction.query<{ id: string; delayMs: number }>(
        `select id, greatest(0, extract(epoch from greatest(due_at, lease_until) - now()) * 1000)::float8 as "delayMs"
         from mail_outbox
         where state in ('waiting', 'sending')
           and (offered_to is distinct from $1
                or greatest(due_at, lease_until, offered_at) < now() - $3 * interval '1 millisecond')
         order by created_at limit $2 for update skip locked`,
        [queueLife, limit, overdueMs],
      );
      if (mails.length === 0) return 0;
      await offer(mails.map(({ id, delayMs }) => ({ id, delayMs: Math.ceil(delayMs) })));
      await transaction.query(
        "update mail_outbox set offered_to = $1, offered_at = now() where id = any ($2::uuid[])",
        [queueLife, mails.map(({ id }) => id)],
      );
      return mails.length;
    },
    (count) => count > 0,
  );
}
