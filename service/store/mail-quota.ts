import type { Queryable } from "./queryable.ts";

export interface MailQuotaUse {
  /** Undefined where nobody said how many the provider takes. */
  readonly perDay: number | undefined;
  readonly sentLastDay: number;
}

/** What a transport may take in 24 hours, and took. */
export async function readMailQuota(store: Queryable, transport: string): Promise<MailQuotaUse> {
  const rows = await store.query<{ per_day: number | null; sent: number }>(
    `select (select per_day from mail_quota where transport = $1),
            (select count(*) from mail_log
             where transport = $1 and outcome = 'accepted' and created_at > now() - interval '24 hours')::int as sent`,
    [transport],
  );
  return { perDay: rows[0]?.per_day ?? undefined, sentLastDay: rows[0]?.sent ?? 0 };
}

/** From now on a transport takes so many; undefined for what its plan has. */
export async function setMailQuota(store: Queryable, transport: string, perDay: number | undefined): Promise<void> {
  if (perDay === undefined) await store.query("delete from mail_quota where transport = $1", [transport]);
  else
    await store.query(
      "insert into mail_quota values ($1, $2) on conflict (transport) do update set per_day = excluded.per_day",
      [transport, perDay],
    );
}
