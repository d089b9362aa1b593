import { z } from "zod";

/** What Postgres did for one query: `explain (analyze)` in four figures. */
export const planSchema = z.object({
  /** How the table was read, e.g. `Seq Scan on product` or `Bitmap Heap Scan on product by product_words`. */
  node: z.string(),
  /** The planner's estimate for the whole query, in its own units. */
  cost: z.number(),
  /** Rows of the table that were read. */
  rows: z.number(),
  /** Time that the whole query took. */
  ms: z.number(),
});
export type Plan = z.output<typeof planSchema>;

/** A query before and after a change; a side that was not measured is missing. */
export const queryPlanSchema = z.object({
  query: z.string(),
  before: planSchema.optional(),
  after: planSchema.optional(),
});
export type QueryPlan = z.output<typeof queryPlanSchema>;

/** The line that `indexes.js explain` prints of the queries whose index is missing, and `build`, when it is done, of all. */
export const indexesReportSchema = z.object({
  schema: z.literal("shop.indexes/2"),
  plans: z.array(z.object({ query: z.string(), plan: planSchema })),
});
export type IndexesReport = z.output<typeof indexesReportSchema>;
