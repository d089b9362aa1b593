import { setTimeout as sleep } from "node:timers/promises";
import type { ClientBase } from "pg";
import { politely, type Patience } from "../store/politely.ts";

export interface BringBackOptions extends Patience {
  readonly pauseMs: number;
  /** Share of the archive that was read, 0 to 1. */
  readonly onBatch: (share: number, moved: number) => void;
}

export interface BroughtBack {
  readonly moved: number;
  /** False when the run was told to end before the archive was empty. */
  readonly complete: boolean;
}

/** 512 kB of an archive: some 6,000 attempts. */
const pagesABatch = 64;

/**
 * Moves every row of an archive back to its table, a range of pages at a time, for the archive has no key to walk by. Each
 * batch is one statement and therefore whole or not at all; one that was killed is started again. An empty archive gives
 * its space back at once.
 */
export async function bringBack(
  client: ClientBase,
  { archive, table }: { readonly archive: string; readonly table: string },
  options: BringBackOptions,
): Promise<BroughtBack> {
  const { rows } = await client.query<{ pages: number }>(
    "select (pg_relation_size($1::regclass) / current_setting('block_size')::integer)::integer as pages",
    [archive],
  );
  const pages = rows[0]?.pages ?? 0;
  let moved = 0;
  for (let page = 0; page < pages; page += pagesABatch) {
    if (options.signal.aborted) return { moved, complete: false };
    const batch = await client.query(
      `with taken as (delete from ${archive} t where t.ctid >= $1::tid and t.ctid < $2::tid returning t.*),
            back as (insert into ${table} select * from taken returning 1)
       select count(*)::integer as rows from back`,
      [`(${page},0)`, `(${page + pagesABatch},0)`],
    );
    moved += Number(batch.rows[0]?.rows ?? 0);
    options.onBatch(Math.min(1, (page + pagesABatch) / pages), moved);
    await sleep(options.pauseMs, undefined, { signal: options.signal }).catch(() => undefined);
  }
  try {
    await emptyOut(client, archive, options);
  } catch (error) {
    if (!options.signal.aborted) throw error;
    return { moved, complete: false };
  }
  return { moved, complete: true };
}

/** Truncates an archive that has no row left; throws when it has. A dump may read it for minutes. */
async function emptyOut(client: ClientBase, archive: string, patience: Patience): Promise<void> {
  await politely(client, `emptying ${archive}`, patience, [
    `lock table ${archive} in access exclusive mode`,
    `do $$ begin if exists (select from ${archive}) then
       raise '${archive} has rows although all were moved back: something else writes to it'; end if; end $$`,
    `truncate ${archive}`,
  ]);
}
