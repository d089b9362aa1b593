import { z } from "zod";

/** Runs a statement and gives its rows: a database, or one connection of it. */
type Ask = (sql: string, values: readonly unknown[]) => Promise<readonly object[]>;

const planSchema = z.tuple([
  z.object({ "QUERY PLAN": z.tuple([z.object({ Plan: z.object({ "Plan Rows": z.number() }) })]) }),
]);

/**
 * How many rows a query has, by the planner and therefore by the table's statistics: less than a millisecond, however
 * large the table. Good to a few per cent where autovacuum keeps up; never zero, for the planner always expects a row.
 */
export async function estimateRows(ask: Ask, sql: string, values: readonly unknown[] = []): Promise<number> {
  const [{ "QUERY PLAN": plan }] = planSchema.parse(await ask(`explain (format json) ${sql}`, values));
  return plan[0].Plan["Plan Rows"];
}
