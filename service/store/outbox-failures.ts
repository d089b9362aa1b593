import type { FailedMail } from "../contract/mails.ts";
import type { Queryable } from "./queryable.ts";

/** Mails that were given up, newest first. */
export async function listFailedMails(store: Queryable, limit: number): Promise<FailedMail[]> {
  const rows = await store.query<Omit<FailedMail, "createdAt" | "failedAt"> & { createdAt: Date; failedAt: Date }>(
    `select id, kind, event, split_part(recipient, '@', 2) as domain, attempts, last_error as error,
            created_at as "createdAt", ended_at as "failedAt"
     from mail_outbox where state = 'failed' order by ended_at desc, id limit $1`,
    [limit],
  );
  return rows.map((row) => ({ ...row, createdAt: row.createdAt.toISOString(), failedAt: row.failedAt.toISOString() }));
}

/** Lets given up mails be tried again, one or, without an id, all; gives their ids. */
export async function retryFailedMails(store: Queryable, id?: string): Promise<string[]> {
  const rows = await store.query<{ id: string }>(
    `update mail_outbox set state = 'waiting', attempts = 0, due_at = now(), offered_to = null, ended_at = null
     where state = 'failed' and ($1::uuid is null or id = $1) returning id`,
    [id ?? null],
  );
  return rows.map((row) => row.id);
}
