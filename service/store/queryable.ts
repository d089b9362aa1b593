import type pg from "pg";

/** Runs unnamed statements only: named ones break behind PgBouncer in transaction mode. */
export interface Queryable {
  query<Row extends pg.QueryResultRow>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
}
