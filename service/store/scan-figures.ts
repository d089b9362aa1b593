import type { Queryable } from "./queryable.ts";

/** What Postgres counted of one table since its statistics began. */
export interface ScanFigures {
  readonly table: string;
  /** Rows that sequential scans read, wanted or not. */
  readonly rowsScanned: number;
  /** Rows that the shop's statements about it returned; null where Postgres keeps no statistics of statements. */
  readonly rowsReturned: number | null;
}

const tables = ["product", "orders", "order_line"] as const;

/** Statements that name a table behind `from` or `join`, or a function that is named for it, count for it. */
export async function readScanFigures(database: Queryable): Promise<readonly ScanFigures[]> {
  const known = await database.query<{ known: boolean }>(
    "select to_regclass('pg_stat_statements') is not null as known",
  );
  const returned =
    known[0]?.known === true
      ? `(select coalesce(sum(rows), 0)::float8 from pg_stat_statements
           where dbid = (select oid from pg_database where datname = current_database())
             and userid = (select oid from pg_roles where rolname = current_user)
             and query ~* ('\\m(from|join)\\s+' || relname || '(_by_[a-z]+)?\\M'))`
      : "null::float8";
  return database.query<ScanFigures>(
    `select relname as "table", seq_tup_read::float8 as "rowsScanned", ${returned} as "rowsReturned"
       from pg_stat_user_tables where schemaname = 'public' and relname = any($1)`,
    [tables],
  );
}
