import { setTimeout as sleep } from "node:timers/promises";
import type { ClientBase } from "pg";
import { z } from "zod";
import type { Patience } from "../../store/politely.ts";
import { next } from "./session-layouts.ts";

/** Small, for a session that is being copied cannot be changed until its batch is through. */
const batchSize = 1_000;
const pauseMs = 40;
/**
 * Shorter than Postgres' deadlock_timeout: where a batch and a shopper wait for each other it is always the batch that
 * gives way.
 */
const lockTimeoutMs = 100;
const passing = new Set(["55P03", "40P01"]);

/** How far the copying is; it stands in the comment of the new table, written together with each batch. */
const positionSchema = z.object({ accountId: z.string(), tokenHash: z.string(), rows: z.number() });
type Position = z.output<typeof positionSchema>;

/** Copies all sessions in the order of their accounts, each batch in a transaction; goes on where an earlier run ended. */
export async function copySessions(client: ClientBase, all: number, { signal, say }: Patience): Promise<void> {
  let at = await readPosition(client);
  const percent = (rows: number): string => `${Math.min(95, Math.floor((95 * rows) / Math.max(1, all)))}%`;
  if (at !== undefined) say(`user_session: ${percent(at.rows)}, going on where an earlier run ended`);
  for (;;) {
    signal.throwIfAborted();
    const copied = await copyBatch(client, at).catch((error: unknown) => {
      const code = error instanceof Error && "code" in error ? String(error.code) : "";
      if (passing.has(code)) return "again" as const;
      throw error;
    });
    if (copied === undefined) return;
    if (copied !== "again") {
      at = copied;
      say(`user_session: ${percent(at.rows)}, ${at.rows} rows copied`);
    }
    await sleep(pauseMs, undefined, { signal });
  }
}

/** The position after the next batch; undefined when there was none left. */
async function copyBatch(client: ClientBase, at: Position | undefined): Promise<Position | undefined> {
  await client.query("begin");
  try {
    await client.query(`set local lock_timeout = ${lockTimeoutMs}`);
    // The batch is chosen before it is locked: a session whose token changes while the lock is waited for is not in it any
    // more (its trigger has copied it), and cannot carry the position past sessions that were not.
    // Locked until the end: a session that is removed or changed meanwhile waits, and its trigger comes after this copy.
    const { rows } = await client.query<{ accountId: string | null; tokenHash: string | null; rows: number }>(
      `with key as materialized (
         select account_id, token_hash from user_session
          ${at === undefined ? "" : "where (account_id, token_hash) > ($2::bigint, $3::text::bytea)"}
         order by account_id, token_hash limit $1),
       batch as materialized (
         select session.* from user_session session join key using (account_id, token_hash) for share of session),
       copied as (insert into ${next} select * from batch on conflict do nothing)
       select account_id::text as "accountId", token_hash::text as "tokenHash",
              (select count(*) from key)::integer as rows
       from key order by account_id desc, token_hash desc limit 1`,
      [batchSize, ...(at === undefined ? [] : [at.accountId, at.tokenHash])],
    );
    const end =
      rows[0] === undefined ? undefined : positionSchema.parse({ ...rows[0], rows: rows[0].rows + (at?.rows ?? 0) });
    if (end !== undefined) {
      await client.query(`comment on table ${next} is ${client.escapeLiteral(JSON.stringify(end))}`);
    }
    await client.query("commit");
    return end;
  } catch (error) {
    await client.query("rollback").catch(() => undefined);
    throw error;
  }
}

async function readPosition(client: ClientBase): Promise<Position | undefined> {
  const { rows } = await client.query<{ position: string | null }>(
    `select obj_description('${next}'::regclass, 'pg_class') as position`,
  );
  const text = rows[0]?.position;
  return typeof text === "string" ? positionSchema.parse(JSON.parse(text)) : undefined;
}
