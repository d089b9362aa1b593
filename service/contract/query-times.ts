import { z } from "zod";

/** Means over many calls, by Postgres' statistics of statements. */
const meansSchema = z.object({
  /** Time for planning; of a function that keeps its plans only what its call takes. */
  planMs: z.number().nonnegative(),
  runMs: z.number().nonnegative(),
});

/** One query of the shop in the form that Postgres plans each time, and in the one that keeps its plans. */
export const queryTimeSchema = z.object({
  query: z.string(),
  /** Part of the time of all the shop's statements so far, 0 to 1, in the plain form. */
  share: z.number().min(0).max(1),
  before: meansSchema,
  after: meansSchema,
});
export type QueryTime = z.output<typeof queryTimeSchema>;

/** The line that `queries.js` prints; without entries where Postgres keeps no statistics of statements. */
export const queryTimesReportSchema = z.object({
  schema: z.literal("shop.queries/1"),
  times: z.array(queryTimeSchema),
});
export type QueryTimesReport = z.output<typeof queryTimesReportSchema>;
