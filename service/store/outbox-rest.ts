import type { Queryable } from "./queryable.ts";

/** A mail of the outbox that is neither sent nor given up. */
export interface OpenMail {
  readonly id: string;
  /** In the hand of a worker, or of one that died: nobody may take it before its lease ends. */
  readonly leased: boolean;
}

/** Mails that wait for their next try need not wait any longer. */
export async function makeAllDue(store: Queryable): Promise<void> {
  await store.query("update mail_outbox set due_at = now() where state = 'waiting' and due_at > now()");
}

/** Oldest first. */
export function listOpenMails(store: Queryable): Promise<OpenMail[]> {
  return store.query<OpenMail>(
    `select id, coalesce(state = 'sending' and lease_until > clock_timestamp(), false) as leased
       from mail_outbox where state in ('waiting', 'sending') order by created_at, id`,
  );
}

/**
 * Gives up what is still open, so that `shopctl mail failed` shows it; gives the number of mails. Also what a worker has in
 * hand: when it sends that after all it notes so, and when not, nobody would look at it again.
 */
export async function giveUpOpenMails(store: Queryable): Promise<number> {
  const rows = await store.query(
    `update mail_outbox set state = 'failed', ended_at = now(), claim = null, lease_until = null,
            last_error = coalesce(last_error, 'no-worker')
      where state in ('waiting', 'sending') returning id`,
  );
  return rows.length;
}
