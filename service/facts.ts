import pg from "pg";
import {
  attemptFacts,
  databaseFactsSchema,
  indexFacts,
  partitionFacts,
  type DatabaseFacts,
} from "./contract/database-facts.ts";

/** Facts of the schema as it is now; reads only. */
async function factsOf(client: pg.Client): Promise<DatabaseFacts> {
  const ask = async ({ text, values }: typeof indexFacts): Promise<readonly unknown[]> =>
    (await client.query<Record<string, unknown>>(text, [...values])).rows;
  const [size] = await ask({
    text: `select pg_database_size(current_database())::float8 as "sizeBytes",
                  (select count(*) from pg_stat_activity where datname = current_database())::integer as connections,
                  current_setting('max_connections')::integer as "maxConnections"`,
    values: [],
  });
  return databaseFactsSchema.parse({
    schema: "shop.facts/1",
    ...(size as object),
    indexes: await ask(indexFacts),
    attempts: (await ask(attemptFacts))[0],
    partitions: (await ask(partitionFacts))[0],
  });
}

/**
 * Says in one line of JSON how the tables of the database at SHOP_FACTS_URL lie, for targets whose database nobody outside
 * reaches: `node facts.js`. Exits 2 without the URL, 1 when the database does not answer.
 */
async function printFacts(): Promise<number> {
  const url = process.env["SHOP_FACTS_URL"] ?? "";
  if (url === "") {
    console.error("usage: SHOP_FACTS_URL=postgres://… node facts.js");
    return 2;
  }
  const client = new pg.Client({ connectionString: url, application_name: "shop-facts", statement_timeout: 30_000 });
  client.on("error", (error) => console.error(`lost the connection to the database: ${error.message}`));
  try {
    await client.connect();
    console.log(JSON.stringify(await factsOf(client)));
    return 0;
  } catch (error) {
    console.error(`the database does not say its facts: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  } finally {
    await client.end();
  }
}

process.exitCode = await printFacts();
