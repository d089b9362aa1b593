import type { Database } from "./database.ts";

/** Confirmations of orders, which may wait for room in the day's quota, or all other mails, which go before them. */
export type OfferedKinds = "confirmations" | "urgent";

/** The exact conditions of the indexes `mail_outbox_open` and `mail_outbox_urgent`. */
const openOf: Readonly<Record<OfferedKinds, string>> = {
  confirmations: "state in ('waiting', 'sending') and kind = 'order-confirmation'",
  urgent: "state in ('waiting', 'sending') and kind <> 'order-confirmation'",
};

export interface OfferRound {
  readonly kinds: OfferedKinds;
  /** The life of the queue: what was offered to an earlier one is offered again. */
  readonly queueLife: string;
  readonly limit: number;
  /** A mail that is due for as long as this although it was offered is offered once more. */
  readonly overdueMs: number;
}

/** What the queue should have and does not: due, and in nobody's hand. */
function missing(kinds: OfferedKinds): string {
  return `from mail_outbox where ${openOf[kinds]} and greatest(due_at, lease_until) <= now()
           and (offered_to is distinct from $1
                or greatest(due_at, lease_until, offered_at) < now() - $2 * interval '1 millisecond')`;
}

/** Whether there is anything to offer. */
export async function hasOffers(database: Database, { kinds, queueLife, overdueMs }: OfferRound): Promise<boolean> {
  const rows = await database.query(`select ${missing(kinds)} limit 1`, [queueLife, overdueMs]);
  return rows.length > 0;
}

/**
 * Gives the ids of mails that the queue should have and does not to `offer`, oldest first, and notes that it has them.
 * Workers that do this at the same time get different mails. When `offer` throws, nothing is noted; gives the number of mails.
 */
export function offerMails(
  database: Database,
  { kinds, queueLife, limit, overdueMs }: OfferRound,
  offer: (ids: readonly string[]) => Promise<void>,
): Promise<number> {
  return database.transaction(
    async (transaction) => {
      const mails = await transaction.query<{ id: string }>(
        `select id ${missing(kinds)} order by created_at limit $3 for update skip locked`,
        [queueLife, overdueMs, limit],
      );
      if (mails.length === 0) return 0;
      const ids = mails.map(({ id }) => id);
      await offer(ids);
      await transaction.query(
        "update mail_outbox set offered_to = $1, offered_at = now() where id = any ($2::uuid[])",
        [queueLife, ids],
      );
      return ids.length;
    },
    (count) => count > 0,
  );
}

/** The queue has an open mail no longer: it is offered again when it is due. */
export async function takeBack(database: Database, id: string): Promise<void> {
  await database.query("update mail_outbox set offered_to = null where id = $1 and state in ('waiting', 'sending')", [
    id,
  ]);
}
