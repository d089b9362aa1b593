import type { Mail, MailKind } from "../mail/mail.ts";
import type { Database } from "./database.ts";
import { recordExpired } from "./outbox-outcomes.ts";
import type { Transaction } from "./transaction.ts";

export interface ClaimRequest {
  readonly id: string;
  /** Names this hold; a later one has another name. */
  readonly claim: string;
  readonly leaseMs: number;
  readonly transport: string;
  /** Of the provider's plan, where the operator has not said another. */
  readonly quotaPerDay: number;
}

interface KnownRequest extends ClaimRequest {
  readonly kind: MailKind;
}

export type ClaimAnswer =
  /** Sent, given up or never written: nothing to do. */
  | { readonly state: "gone" }
  /** Not due yet, or in another worker's hand. */
  | { readonly state: "later"; readonly waitMs: number }
  /** Its code has ended, so it was given up now. */
  | { readonly state: "expired"; readonly kind: MailKind }
  /** The day's quota is used up, or, where `others` may still go, what its kind may have of it. */
  | { readonly state: "held"; readonly waitMs: number; readonly others: boolean }
  | { readonly state: "taken"; readonly mail: ClaimedMail };

export interface ClaimedMail {
  readonly mail: Mail;
  /** 1 for the first. */
  readonly attempt: number;
  /** When it was written. */
  readonly createdAt: Date;
  /** True when another worker had it and said nothing more: it may have been sent. */
  readonly takenOver: boolean;
}

interface OutboxRow {
  readonly kind: MailKind;
  readonly state: string;
  readonly waitMs: number;
  readonly isExpired: boolean;
}

/**
 * Takes hold of a mail, so that nobody else sends it, unless the quota of the last 24 hours over all instances has no
 * room. Mails in hand count as if they were accepted. A mail that has expired is given up instead and takes no room.
 */
export async function claimMail(database: Database, request: ClaimRequest): Promise<ClaimAnswer> {
  const rows = await database.query<OutboxRow>(
    `select kind, state, (extract(epoch from greatest(due_at, lease_until) - clock_timestamp()) * 1000)::float8 as "waitMs",
            coalesce(expires_at <= clock_timestamp(), false) as "isExpired"
     from mail_outbox where id = $1`,
    [request.id],
  );
  const row = rows[0];
  if (row === undefined || (row.state !== "waiting" && row.state !== "sending")) return { state: "gone" };
  if (row.waitMs > 0) return { state: "later", waitMs: Math.ceil(row.waitMs) };
  if (row.isExpired && (await recordExpired(database, request.id))) return { state: "expired", kind: row.kind };
  return database.transaction(
    (transaction) => claimWithin(transaction, { ...request, kind: row.kind }),
    (answer) => answer.state === "taken",
  );
}

async function claimWithin(transaction: Transaction, request: KnownRequest): Promise<ClaimAnswer> {
  // One after the other, or two workers would both see the last place of the day.
  await transaction.query("select pg_advisory_xact_lock(hashtext('mail-quota'))");
  const waitMs = await waitForRoom(transaction, request);
  if (waitMs > 0) return { state: "held", waitMs, others: shareOf(request.kind) < 1 };
  const rows = await transaction.query<{
    kind: MailKind;
    recipient: string;
    subject: string;
    body: string;
    attempts: number;
    created_at: Date;
    was: string;
  }>(
    `with found as (select id, state from mail_outbox where id = $1 for no key update)
     update mail_outbox o
     set state = 'sending', claim = $2, lease_until = clock_timestamp() + $3 * interval '1 millisecond',
         attempts = attempts + 1
     from found
     where o.id = found.id and o.state in ('waiting', 'sending')
       and greatest(o.due_at, o.lease_until) <= clock_timestamp()
     returning o.kind, o.recipient, o.subject, o.body, o.attempts, o.created_at, found.state as was`,
    [request.id, request.claim, request.leaseMs],
  );
  const row = rows[0];
  // Someone else was faster; what became of it is seen at the next look.
  if (row === undefined) return { state: "later", waitMs: 1_000 };
  const mail = { kind: row.kind, to: row.recipient, subject: row.subject, text: row.body };
  const takenOver = row.was === "sending";
  return { state: "taken", mail: { mail, attempt: row.attempts, createdAt: row.created_at, takenOver } };
}

/** What may be used of the day by a kind of mail: however many orders there are, whoever lost a password gets their code. */
function shareOf(kind: MailKind): number {
  return kind === "order-confirmation" ? 0.9 : 1;
}

/** Time in ms until the provider takes one more mail of its kind; 0 when it does now. */
async function waitForRoom(
  transaction: Transaction,
  { id, transport, quotaPerDay, kind }: KnownRequest,
): Promise<number> {
  const counted = await transaction.query<{ used: number; quota: number }>(
    `select coalesce((select per_day from mail_quota where transport = $1), $3::float8) as quota,
            (select count(*) from mail_log
             where transport = $1 and outcome = 'accepted' and created_at > now() - interval '24 hours')
          + (select count(*) from mail_outbox where state = 'sending' and id <> $2) as used`,
    [transport, id, quotaPerDay],
  );
  const { used = 0, quota = quotaPerDay } = counted[0] ?? {};
  const surplus = used + 1 - Math.max(1, Math.floor(quota * shareOf(kind)));
  if (surplus <= 0) return 0;
  const freed = await transaction.query<{ waitMs: number }>(
    `select (extract(epoch from created_at + interval '24 hours' - now()) * 1000)::float8 as "waitMs"
     from mail_log where transport = $1 and outcome = 'accepted' and created_at > now() - interval '24 hours'
     order by created_at offset $2 limit 1`,
    [transport, surplus - 1],
  );
  // Without a row the places are taken by mails in hand, which is over in moments.
  return Math.max(1, Math.ceil(freed[0]?.waitMs ?? 1_000));
}
