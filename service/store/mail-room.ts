import type { MailKind } from "../mail/mail.ts";
import type { Queryable } from "./queryable.ts";

/** A transport and the quota of its plan, which counts where the operator has not said another. */
export interface DayQuota {
  readonly transport: string;
  readonly quotaPerDay: number;
}

/** What may be used of the day by a kind of mail: however many orders there are, whoever lost a password gets their code. */
export function shareOf(kind: MailKind): number {
  return kind === "order-confirmation" ? 0.9 : 1;
}

/**
 * How many more mails of a kind the provider takes now; 0 or less when it takes none. What was accepted in the last 24 hours
 * over all instances counts, and what is in hand, but for the mail `exceptId`.
 */
export async function roomFor(
  store: Queryable,
  kind: MailKind,
  { transport, quotaPerDay, exceptId }: DayQuota & { readonly exceptId?: string },
): Promise<number> {
  const counted = await store.query<{ used: number; quota: number }>(
    `select coalesce((select per_day from mail_quota where transport = $1), $3::float8) as quota,
            (select count(*) from mail_log
             where transport = $1 and outcome = 'accepted' and created_at > now() - interval '24 hours')
          + (select count(*) from mail_outbox where state = 'sending' and id is distinct from $2::uuid) as used`,
    [transport, exceptId ?? null, quotaPerDay],
  );
  const { used = 0, quota = quotaPerDay } = counted[0] ?? {};
  return Math.max(1, Math.floor(quota * shareOf(kind))) - used;
}
