import type { Database } from "./database.ts";

/** How many mails of each state the outbox holds, and how long the oldest that is neither sent nor failed has waited. */
export interface OutboxFigures {
  readonly waiting: number;
  readonly sending: number;
  readonly failed: number;
  readonly oldestSeconds: number;
  /** Mails a day that the transport takes, where the operator said so. */
  readonly quotaPerDay: number | null;
}

export async function readOutboxFigures(database: Database, transport: string): Promise<OutboxFigures> {
  const rows = await database.read<OutboxFigures>(
    `select count(*) filter (where state = 'waiting') as waiting,
            count(*) filter (where state = 'sending') as sending,
            count(*) filter (where state = 'failed') as failed,
            coalesce(extract(epoch from now() - min(created_at) filter (where state <> 'failed')), 0)::float8
              as "oldestSeconds",
            (select per_day from mail_quota where transport = $1) as "quotaPerDay"
     from mail_outbox where state in ('waiting', 'sending', 'failed')`,
    [transport],
  );
  const figures = rows[0];
  if (figures === undefined) throw new Error("the database answered without a row");
  return figures;
}
