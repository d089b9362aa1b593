import type { Mail, MailKind } from "../mail/mail.ts";
import type { Database } from "./database.ts";
import { roomFor, shareOf, type DayQuota } from "./mail-room.ts";
import { recordExpired } from "./outbox-outcomes.ts";
import type { Transaction } from "./transaction.ts";

export interface ClaimRequest extends DayQuota {
  readonly id: string;
  /** Names this hold; a later one has another name. */
  readonly claim: string;
  readonly leaseMs: number;
}

interface KnownRequest extends ClaimRequest {
  readonly kind: MailKind;
}

export type ClaimAnswer =
  /** Sent, given up or never written: nothing to do. */
  | { readonly state: "gone" }
  /** Not due yet, or in another worker's hand. */
  | { readonly state: "later" }
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
  readonly isLater: boolean;
  readonly isExpired: boolean;
}

/**
 * Takes hold of a mail, so that nobody else sends it, unless the quota of the last 24 hours over all instances has no
 * room. Mails in hand count as if they were accepted. A mail that has expired is given up instead and takes no room.
 */
export async function claimMail(database: Database, request: ClaimRequest): Promise<ClaimAnswer> {
  const rows = await database.query<OutboxRow>(
    `select kind, state, greatest(due_at, lease_until) > clock_timestamp() as "isLater",
            coalesce(expires_at <= clock_timestamp(), false) as "isExpired"
     from mail_outbox where id = $1`,
    [request.id],
  );
  const row = rows[0];
  if (row === undefined || (row.state !== "waiting" && row.state !== "sending")) return { state: "gone" };
  if (row.isLater) return { state: "later" };
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
  if (row === undefined) return { state: "later" };
  const mail = { kind: row.kind, to: row.recipient, subject: row.subject, text: row.body };
  const takenOver = row.was === "sending";
  return { state: "taken", mail: { mail, attempt: row.attempts, createdAt: row.created_at, takenOver } };
}

/** Time in ms until the provider takes one more mail of its kind; 0 when it does now. */
async function waitForRoom(
  transaction: Transaction,
  { id, transport, quotaPerDay, kind }: KnownRequest,
): Promise<number> {
  const room = await roomFor(transaction, kind, { transport, quotaPerDay, exceptId: id });
  if (room > 0) return 0;
  const freed = await transaction.query<{ waitMs: number }>(
    `select (extract(epoch from created_at + interval '24 hours' - now()) * 1000)::float8 as "waitMs"
     from mail_log where transport = $1 and outcome = 'accepted' and created_at > now() - interval '24 hours'
     order by created_at offset $2 limit 1`,
    [transport, -room],
  );
  // Without a row the places are taken by mails in hand, which is over in moments.
  return Math.max(1, Math.ceil(freed[0]?.waitMs ?? 1_000));
}
