import { setTimeout as sleep } from "node:timers/promises";
import type { ClientBase } from "pg";

const lookEveryMs = 1_000;

interface BuildProgress {
  readonly phase: string;
  readonly index: string | null;
  readonly done: number;
  readonly total: number;
}

/**
 * Tells what `pg_stat_progress_create_index` shows of the builds of the session `pid`, until the signal; `client` is
 * another session, because that one is busy. A lost connection ends it in silence: nothing depends on it.
 */
export async function watchBuild(
  client: ClientBase,
  pid: number,
  { signal, say }: { readonly signal: AbortSignal; readonly say: (line: string) => void },
): Promise<void> {
  let told = "";
  while (!signal.aborted) {
    await sleep(lookEveryMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    const line = await look(client, pid).catch(() => undefined);
    if (line === undefined || line === told) continue;
    told = line;
    say(line);
  }
}

async function look(client: ClientBase, pid: number): Promise<string | undefined> {
  const { rows } = await client.query<BuildProgress>(
    `select phase, index_relid::regclass::text as index,
            (case when blocks_total > 0 then blocks_done else tuples_done end)::float8 as done,
            (case when blocks_total > 0 then blocks_total else tuples_total end)::float8 as total
       from pg_stat_progress_create_index where pid = $1`,
    [pid],
  );
  const build = rows[0];
  if (build === undefined) return undefined;
  const share = build.total > 0 ? `, ${Math.floor((100 * build.done) / build.total)}%` : "";
  return `${build.index ?? "an index"}: ${build.phase}${share}`;
}
