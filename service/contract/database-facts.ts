import { z } from "zod";
import { figures } from "./figures.ts";
import { databaseIndexes } from "./indexes.ts";

/** A question to the database that what looks at it from outside and the release's `facts.js` ask alike. */
interface FactQuery {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** A night that was missed is made up for in the next. */
const graceDays = 2;

/** Those indexes of `indexes.ts` that there are; one whose build was cut off is not valid. */
export const indexFacts: FactQuery = {
  text: `select relname as name, indisvalid as valid from pg_index join pg_class on pg_class.oid = indexrelid
          where relnamespace = 'public'::regnamespace and relname = any($1) order by relname`,
  values: [databaseIndexes.map(({ name }) => name)],
};

/** Where login attempts lie; a schema from before there was an archive has none. */
export const attemptFacts: FactQuery = {
  text: `select exists (select from login_attempt where created_at < now() - $1 * interval '1 day') as overdue,
                coalesce(pg_relation_size(to_regclass('login_attempt_archive')), 0)::float8 as "archiveBytes"`,
  values: [figures.retention.loginAttemptDays + graceDays],
};

/**
 * How the tables are laid out that grow with every login. What a partitioning leaves that ended before its exchange is
 * half-made too: its check would refuse every attempt from a coming month on.
 */
export const partitionFacts: FactQuery = {
  text: `
      with parts as (
        select inhparent::regclass::text as parent, relname as name
          from pg_inherits join pg_class on pg_class.oid = inhrelid
         where inhparent in (to_regclass('public.login_attempt'), to_regclass('public.user_session')))
      select (select count(*) from parts where parent = 'login_attempt')::integer as attempts,
             (select count(*) from parts where parent = 'user_session')::integer as sessions,
             (select count(*) from parts
               where parent = 'login_attempt' and name ~ '_\\d{4}_\\d{2}$'
                 and right(name, 7) > to_char(now() at time zone 'UTC', 'YYYY_MM'))::integer as "monthsAhead",
             array(select relname::text from pg_class
                    where relnamespace = 'public'::regnamespace
                      and relname in ('login_attempt_parted', 'login_attempt_months', 'login_attempt_by_month',
                                      'user_session_next', 'user_session_old')
                    union all
                    select conname::text from pg_constraint
                     where conrelid in (to_regclass('public.login_attempt'), to_regclass('public.login_attempt_history'))
                       and contype = 'c' and conname like 'login\\_attempt\\_before\\_%'
                    order by 1) as "halfMade"`,
  values: [],
};

/** What `facts.js` prints. */
export const databaseFactsSchema = z.object({
  schema: z.literal("shop.facts/1"),
  sizeBytes: z.number(),
  connections: z.number(),
  /** In force, whatever is configured. Builds from before it was asked do not say it. */
  maxConnections: z.number().optional(),
  indexes: z.array(z.object({ name: z.string(), valid: z.boolean() })),
  attempts: z.object({ overdue: z.boolean(), archiveBytes: z.number() }),
  partitions: z.object({
    attempts: z.number(),
    sessions: z.number(),
    monthsAhead: z.number(),
    halfMade: z.array(z.string()),
  }),
});
export type DatabaseFacts = z.infer<typeof databaseFactsSchema>;
