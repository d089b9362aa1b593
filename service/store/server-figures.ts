import type { Database } from "./database.ts";

/** What the database says of itself and of the shop, for the metrics. */
export interface ServerFigures {
  readonly connections: number;
  /** max_connections less those that Postgres reserves for superusers. */
  readonly connectionsMax: number;
  /** Time that sessions of the shop's database spent executing, since the statistics were reset. */
  readonly activeSeconds: number;
  readonly sizeBytes: number;
  readonly users: number;
  readonly mailsLastDay: number;
}

/** Client connections have a database and a user; the server's own processes lack one of them. */
export async function readServerFigures(database: Database): Promise<ServerFigures> {
  const rows = await database.query<ServerFigures>(
    `select (select count(*) from pg_stat_activity where datid is not null and usesysid is not null) as connections,
            current_setting('max_connections')::bigint - current_setting('superuser_reserved_connections')::bigint
              as "connectionsMax",
            (select active_time / 1000.0 from pg_stat_database where datname = current_database())::float8
              as "activeSeconds",
            pg_database_size(current_database()) as "sizeBytes",
            (select count(*) from account) as users,
            (select count(*) from mail_log where created_at > now() - interval '24 hours') as "mailsLastDay"`,
  );
  const figures = rows[0];
  if (figures === undefined) throw new Error("the database answered without a row");
  return figures;
}
