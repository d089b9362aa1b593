import type { Queryable } from "./queryable.ts";

/** A statement of the shop, and the seconds that it took since Postgres' statistics of statements began. */
export interface CostlyStatement {
  /** A few words of its text, the same for statements that differ only in what they select. */
  readonly label: string;
  readonly seconds: number;
}

/** How many are looked at: one that is not among them takes less than a tenth. */
const most = 10;
const maxLabelLength = 72;

/**
 * The statements of the shop that took most, the dearest first; without those that ask the server about itself, which no
 * shopper brings. Empty where Postgres keeps no statistics of statements.
 */
export async function readCostlyStatements(database: Queryable): Promise<readonly CostlyStatement[]> {
  const known = await database.query<{ known: boolean }>(
    "select to_regclass('pg_stat_statements') is not null as known",
  );
  if (known[0]?.known !== true) return [];
  const rows = await database.query<{ query: string; seconds: number }>(
    `select left(query, 1000) as query, total_exec_time::float8 / 1000 as seconds from pg_stat_statements
      where dbid = (select oid from pg_database where datname = current_database())
        and userid = (select oid from pg_roles where rolname = current_user) and query !~ 'pg_(stat|database_size)'
      order by total_exec_time desc limit $1`,
    [most],
  );
  const seconds = new Map<string, number>();
  for (const row of rows) {
    const label = labelOf(row.query);
    seconds.set(label, (seconds.get(label) ?? 0) + row.seconds);
  }
  return [...seconds].map(([label, sum]) => ({ label, seconds: sum }));
}

/** Its verb and what it is about: `select … from orders where account_id = $1`. */
function labelOf(query: string): string {
  const words = query.replaceAll(/\s+/g, " ").trim();
  const verb = /^\w+/.exec(words)?.[0] ?? "";
  const about = /\b(from|into|update)\b.*/i.exec(words)?.[0] ?? words.slice(verb.length).trim();
  const label = words.startsWith(about) ? words : `${verb} … ${about}`;
  return label.length > maxLabelLength ? `${label.slice(0, maxLabelLength - 1)}…` : label;
}
