/**
 * How the statements that are sent most go to the database: `plain` as a text that Postgres plans each time, `optimised` as
 * a call of a function (`migrations/0011_kept_plans.sql`) whose plan a connection keeps.
 */
export const queryForms = ["plain", "optimised"] as const;
export type QueryForm = (typeof queryForms)[number];

/** One statement in both forms: they take the same values and answer with the same rows. */
export type Statement = Readonly<Record<QueryForm, string>>;
