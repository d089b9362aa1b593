import type { Database } from "./database.ts";

/** How many mails of each state the outbox holds, and how long the oldest that is neither sent nor failed has waited. */
export interface OutboxFigures {
  readonly waiting: number;
  readonly sending: number;
  readonly failed: number;
  readonly oldestSeconds: number;
}

export async function readOutboxFigures(database: Database): Promise<OutboxFigures> {
  const rows = await database.read<OutboxFigures>(
    `select count(*) filter (where state = 'waiting') as waiting,
            count(*) filter (where state = 'sending') as sending,
            count(*) filter (where state = 'failed') as failed,
            coalesce(extract(epoch from now() - min(created_at) filter (where state <> 'failed')), 0)::float8
              as "oldestSeconds"
     from mail_outbox where state in ('waiting', 'sending', 'failed')`,
  );
  const figures = rows[0];
  if (figures === undefined) throw new Error("the database answered without a row");
  return figures;
}
