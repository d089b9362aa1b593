import type { Queryable } from "./queryable.ts";

/** Seconds that the shop's own statements took, since Postgres' statistics of statements began. */
export interface StatementFigures {
  readonly read: number;
  readonly write: number;
}

/** A select that takes no locks and calls nothing that writes; what a replica could do as well. */
const readPattern =
  "^\\s*select\\M(?!.*\\mfrom\\s+place_order\\M)(?!.*\\mfor\\s+(update|no\\s+key\\s+update|share|key\\s+share)\\M)";

/** Undefined where Postgres keeps no statistics of statements. */
export async function readStatementFigures(database: Queryable): Promise<StatementFigures | undefined> {
  const known = await database.query<{ known: boolean }>(
    "select to_regclass('pg_stat_statements') is not null as known",
  );
  if (known[0]?.known !== true) return undefined;
  const rows = await database.query<StatementFigures>(
    `select coalesce(sum(total_exec_time) filter (where is_read), 0)::float8 / 1000 as read,
            coalesce(sum(total_exec_time) filter (where not is_read), 0)::float8 / 1000 as write
       from (select total_exec_time, query ~* $1 as is_read from pg_stat_statements
              where dbid = (select oid from pg_database where datname = current_database())
                and userid = (select oid from pg_roles where rolname = current_user)) as statement`,
    [readPattern],
  );
  return rows[0];
}
