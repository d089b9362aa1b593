import { parseArgs } from "node:util";
import pg from "pg";
import { listFailedMails, retryFailedMails } from "./store/outbox-failures.ts";

/** More would not be read; the newest are the ones that matter. */
const longestList = 1_000;
const uuid = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/**
 * The mails that were given up, in the database at SHOP_MAILS_URL: `node mails.js failed` lists them as JSON, `node
 * mails.js retry ID` or `retry --all` lets them be tried again and gives their ids. It needs neither a worker nor Redis.
 */
async function work(databaseUrl: string, command: readonly string[], all: boolean): Promise<object> {
  const client = new pg.Client({ connectionString: databaseUrl });
  client.on("error", (error) => console.error(`lost the connection to the database: ${error.message}`));
  await client.connect();
  const store = {
    query: async <Row extends pg.QueryResultRow>(sql: string, values: readonly unknown[] = []) =>
      (await client.query<Row>(sql, [...values])).rows,
  };
  try {
    const [verb, id] = command;
    if (verb === "failed") return { mails: await listFailedMails(store, longestList) };
    return { retried: await retryFailedMails(store, all ? undefined : id) };
  } finally {
    await client.end();
  }
}

const { positionals, values } = parseArgs({ allowPositionals: true, options: { all: { type: "boolean" } } });
const [verb, id] = positionals;
const all = values.all ?? false;
const isRetry = verb === "retry" && (all ? id === undefined : uuid.test(id ?? ""));
const url = process.env["SHOP_MAILS_URL"];
if (url === undefined || url === "" || !(verb === "failed" || isRetry)) {
  console.error("usage: SHOP_MAILS_URL=postgres://… node mails.js failed | retry ID | retry --all");
  process.exitCode = 2;
} else {
  try {
    console.log(JSON.stringify(await work(url, positionals, all)));
  } catch (error) {
    console.error(`nothing was changed: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
