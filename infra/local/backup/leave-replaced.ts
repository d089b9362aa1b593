import type pg from "pg";
import { poll } from "../host/poll.ts";
import { answers, asAdmin, type AdminTarget } from "../postgres/admin-connection.ts";
import { oldDatabase } from "./swap-databases.ts";

/** A standby that is further behind serves no reads: the shop leaves out what lags by more than a second. */
const replayTimeoutMs = 30_000;
const answerTimeoutMs = 10_000;

/**
 * Ends the sessions that standbys have in the database swapped out: a swap ends those of the primary only, and the others
 * would go on to show what is replaced until it is dropped. False when one answers that did not show the swap in time; one
 * that does not answer has no readers.
 */
export async function leaveReplaced(primary: AdminTarget, standbys: readonly AdminTarget[]): Promise<boolean> {
  if (standbys.length === 0) return true;
  const replaced = await asAdmin(primary, "postgres", (client) =>
    client.query<{ oid: number }>("select oid from pg_database where datname = $1", [oldDatabase]),
  );
  const oid = replaced.rows[0]?.oid;
  if (oid === undefined) return true;
  const left = await Promise.all(
    standbys.map((standby) =>
      poll(async () => !(await answers(standby)) || leaveOn(standby, oid), {
        timeoutMs: replayTimeoutMs,
        intervalMs: 100,
      }),
    ),
  );
  return left.every(Boolean);
}

/** True when the standby shows the swap and nobody is in the database of this number any more; undefined before. */
async function leaveOn(standby: AdminTarget, oid: number): Promise<true | undefined> {
  const leave = async (client: pg.Client): Promise<true | undefined> => {
    const swapped = await client.query("select from pg_database where oid = $1 and datname = $2", [oid, oldDatabase]);
    if (swapped.rowCount === 0) return undefined;
    await client.query("select pg_terminate_backend(pid, 1000) from pg_stat_activity where datid = $1", [oid]);
    return true;
  };
  return asAdmin(standby, "postgres", leave, answerTimeoutMs);
}
