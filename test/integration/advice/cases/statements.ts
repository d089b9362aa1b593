import type { Course } from "../../../support/made-up-series.ts";
import { growing, hours, type Case } from "./case.ts";

const scans = (table: string, scanned: number, returned: number): Record<string, Course> => ({
  [`shop_db_rows_scanned_total{table="${table}"}`]: growing(scanned),
  [`shop_db_rows_returned_total{table="${table}"}`]: growing(returned),
});
const statements = (read: number, write: number): Record<string, Course> => ({
  'shop_db_statement_seconds_total{statement="read"}': growing(read),
  'shop_db_statement_seconds_total{statement="write"}': growing(write),
});
const costly = (statement: string, seconds: number): Record<string, Course> => ({
  [`shop_db_costly_statement_seconds_total{statement="${statement}"}`]: growing(seconds),
});

/** Signals of the statements that the database runs and of what they read. */
export const statementCases: readonly Case[] = [
  {
    what: "the share of reads is of the one database's time, however many instances report it",
    signal: "database-read-share",
    instances: { w1: statements(0.04, 0.01), w2: statements(0.04, 0.01) },
    level: 0.8,
  },
  {
    what: "the costliest statement is named, its share of the one database's time",
    signal: "costliest-statement-share",
    instances: {
      w1: { ...statements(0.04, 0.01), ...costly("from orders", 0.01), ...costly("from user_session", 0.02) },
      w2: { ...statements(0.04, 0.01), ...costly("from orders", 0.01), ...costly("from user_session", 0.02) },
    },
    level: 0.4,
    subject: "from user_session",
  },
  {
    what: "of a database that hardly works no statement is worth a change",
    signal: "costliest-statement-share",
    instances: { w1: { ...statements(0.004, 0.001), ...costly("from orders", 0.004) } },
    quietHours: hours,
  },
  {
    what: "the table with the most scans counts, once however many instances report it",
    signal: "rows-scanned-per-row-returned",
    instances: {
      w1: { ...scans("product", 50, 1), ...scans("orders", 900, 0.001) },
      w2: { ...scans("product", 50, 1), ...scans("orders", 900, 0.001) },
    },
    level: 50,
    subject: "product",
  },
  {
    what: "rows are not counted without the statistics of statements",
    signal: "rows-scanned-per-row-returned",
    instances: { w1: { 'shop_db_rows_scanned_total{table="product"}': growing(1) } },
    lack: { why: "w1 gives no shop_db_rows_returned_total", leaves: "nothing" },
  },
];
