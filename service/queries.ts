import pg from "pg";
import type { QueryTimesReport } from "./contract/query-times.ts";
import { frequentQueries } from "./tasks/frequent-queries.ts";
import { timeQuery } from "./tasks/time-statements.ts";

/** Of each query in each form: enough for a mean, and together less than a second or two of one core. */
const calls = 100;
const statementTimeoutMs = 30_000;

const say = (line: string): void => console.error(line);

async function run(client: pg.Client): Promise<QueryTimesReport["times"]> {
  await client.query(`set client_connection_check_interval = '1s'; set statement_timeout = ${statementTimeoutMs}`);
  const { rows } = await client.query<{ known: boolean }>(
    "select to_regclass('pg_stat_statements') is not null as known",
  );
  if (rows[0]?.known !== true) {
    say("Postgres keeps no statistics of statements: nothing is measured");
    return [];
  }
  // Else nothing is known of the time that this saves. Only an administrator may set it.
  await client.query("set pg_stat_statements.track_planning = on");
  const times: QueryTimesReport["times"] = [];
  for (const query of await frequentQueries(client, calls)) {
    const time = await timeQuery(client, query);
    if (time !== undefined) times.push(time);
  }
  return times;
}

/**
 * Measures the queries of the step `query-optimisation` in both forms, in the database at SHOP_QUERIES_URL (an administrator,
 * connected directly): `node queries.js` prints one line, `shop.queries/1`. It only reads. Exits 0 when that is done, 2 on wrong
 * use, 1 on failure.
 */
const url = process.env["SHOP_QUERIES_URL"] ?? "";
if (process.argv.length > 2 || url === "") {
  say("usage: SHOP_QUERIES_URL=postgres://… node queries.js");
  process.exitCode = 2;
} else {
  const client = new pg.Client({ connectionString: url, application_name: "shop-queries" });
  client.on("error", (error) => say(`lost the connection to the database: ${error.message}`));
  try {
    await client.connect();
    const times = await run(client);
    console.log(JSON.stringify({ schema: "shop.queries/1", times } satisfies QueryTimesReport));
  } catch (error) {
    say(`queries: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  } finally {
    await client.end().catch(() => undefined);
  }
}
