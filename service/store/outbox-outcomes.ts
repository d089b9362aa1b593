import type { Database } from "./database.ts";

/**
 * Notes that the provider has accepted a mail, blanks what it said, and counts it. Also when another worker has taken it
 * over meanwhile: it need not be sent again.
 */
export async function recordSent(database: Database, id: string, transport: string): Promise<void> {
  await database.query(
    `with sent as (
       update mail_outbox set state = 'sent', recipient = null, subject = null, body = null, claim = null,
         lease_until = null, last_error = null, ended_at = now()
       where id = $1 and state <> 'sent' returning kind)
     insert into mail_log (kind, transport, outcome) select kind, $2, 'accepted' from sent`,
    [id, transport],
  );
}

export interface FailedTry {
  readonly id: string;
  readonly claim: string;
  readonly transport: string;
  /** A code, never a provider's message. */
  readonly error: string;
  /** Undefined gives the mail up. */
  readonly retryInMs: number | undefined;
}

/** Notes that a try has failed; the queue is offered the mail again when it is due. Nothing changes when the mail is no longer held by `claim`. */
export async function recordFailure(database: Database, failed: FailedTry): Promise<void> {
  const { id, claim, transport, error, retryInMs } = failed;
  await database.query(
    `with failed as (
       update mail_outbox set state = case when $5::float8 is null then 'failed' else 'waiting' end, last_error = $4,
         due_at = now() + coalesce($5::float8, 0) * interval '1 millisecond', claim = null, lease_until = null,
         offered_to = null, ended_at = case when $5::float8 is null then now() end
       where id = $1 and claim = $2 returning kind)
     insert into mail_log (kind, transport, outcome) select kind, $3, 'failed' from failed`,
    [id, claim, transport, error, retryInMs ?? null],
  );
}

/**
 * Gives up a mail that has expired and is in nobody's hand, for the list of failed mails; false when another worker was
 * faster. The log of mails has nothing of it: it was not handed to anybody.
 */
export async function recordExpired(database: Database, id: string): Promise<boolean> {
  const rows = await database.query(
    `update mail_outbox set state = 'failed', last_error = 'expired', claim = null, lease_until = null, ended_at = now()
     where id = $1 and state in ('waiting', 'sending') and greatest(due_at, lease_until) <= clock_timestamp()
       and expires_at <= clock_timestamp() returning id`,
    [id],
  );
  return rows.length > 0;
}
