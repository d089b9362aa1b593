import { figures } from "../contract/figures.ts";
import { estimateRows } from "./estimate-rows.ts";
import type { Queryable } from "./queryable.ts";

/** What the statistics say of the two tables that grow with every login; nothing is counted for it. */
export interface TableFigures {
  readonly attempts: number;
  /** Older than attempts are kept. */
  readonly attemptsOld: number;
  /** With indexes, over all partitions. */
  readonly attemptsBytes: number;
  /**
   * Rows that changed since the last vacuum, over those that make one due, of the partition with the most: from 2 on the
   * next one became due before the last was through.
   */
  readonly attemptsVacuumDebt: number;
  readonly sessions: number;
  readonly sessionsExpired: number;
}

/** Both layouts: a table's own row, or those of its partitions. */
const ofAttempts = `select sum(pg_total_relation_size(relid))::float8 as bytes,
       coalesce(max(greatest(
         n_dead_tup / (current_setting('autovacuum_vacuum_threshold')::float8
           + current_setting('autovacuum_vacuum_scale_factor')::float8 * n_live_tup),
         n_ins_since_vacuum / (current_setting('autovacuum_vacuum_insert_threshold')::float8
           + current_setting('autovacuum_vacuum_insert_scale_factor')::float8 * n_live_tup))), 0)::float8 as debt
  from pg_partition_tree('login_attempt') join pg_stat_user_tables using (relid) where isleaf`;

export async function readTableFigures(database: Queryable): Promise<TableFigures> {
  const ask = (sql: string, values: readonly unknown[]): Promise<object[]> => database.query<object>(sql, values);
  const [sized] = await database.query<{ bytes: number | null; debt: number }>(ofAttempts);
  const before = new Date(Date.now() - figures.retention.loginAttemptDays * 86_400_000);
  return {
    attempts: await estimateRows(ask, "select from login_attempt"),
    attemptsOld: await estimateRows(ask, "select from login_attempt where created_at < $1", [before]),
    attemptsBytes: sized?.bytes ?? 0,
    attemptsVacuumDebt: sized?.debt ?? 0,
    sessions: await estimateRows(ask, "select from user_session"),
    sessionsExpired: await estimateRows(ask, "select from user_session where expires_at < $1", [new Date()]),
  };
}
