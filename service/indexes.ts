import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { databaseIndexes, type DatabaseIndex } from "./contract/indexes.ts";
import type { IndexesReport } from "./contract/query-plans.ts";
import { buildIndex, dropIndex, indexState, lockTimeoutMs, type BuildOptions } from "./tasks/build-index.ts";
import { explain } from "./tasks/explain.ts";
import { indexQueries } from "./tasks/index-queries.ts";
import { watchBuild } from "./tasks/watch-build.ts";

const giveUpAfterMs = 600_000;
/** The session of a run that was killed ends within a second or two; its lock goes with it. */
const turnTimeoutMs = 30_000;
const explainTimeoutMs = 30_000;

const verbs = ["explain", "build", "drop"] as const;
type Verb = (typeof verbs)[number];

function isVerb(word: string | undefined): word is Verb {
  return verbs.some((verb) => verb === word);
}

const say = (line: string): void => console.error(line);
const report = (plans: IndexesReport["plans"]): void =>
  console.log(JSON.stringify({ schema: "shop.indexes/2", plans } satisfies IndexesReport));

async function missingIndexes(client: pg.Client): Promise<readonly DatabaseIndex[]> {
  const missing: DatabaseIndex[] = [];
  for (const index of databaseIndexes) if ((await indexState(client, index.name)) !== "valid") missing.push(index);
  return missing;
}

/** Builds the indexes that are missing. */
async function build(client: pg.Client, watcher: pg.Client, options: BuildOptions): Promise<void> {
  const missing = await missingIndexes(watcher);
  const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
  const watched = new AbortController();
  const watching = watchBuild(watcher, rows[0]?.pid ?? 0, { signal: watched.signal, say });
  try {
    for (const [at, index] of missing.entries()) {
      say(`${index.name} for ${index.serves} (${at + 1} of ${missing.length})`);
      await buildIndex(client, index, options);
    }
  } finally {
    watched.abort();
    await watching;
  }
}

async function plansOf(client: pg.Client, indexes: readonly DatabaseIndex[]): Promise<IndexesReport["plans"]> {
  if (indexes.length === 0) return [];
  const queries = await indexQueries(client);
  const plans: IndexesReport["plans"] = [];
  await client.query(`set statement_timeout = ${explainTimeoutMs}`);
  for (const { name, table, serves } of indexes) {
    const statement = queries.get(name);
    if (statement !== undefined) plans.push({ query: serves, plan: await explain(client, statement, table) });
  }
  await client.query("set statement_timeout = 0");
  return plans;
}

/** One at a time. Asked again and again: a session that waited inside a statement would hold the builds up itself. */
async function takeTurn(client: pg.Client): Promise<void> {
  const deadline = performance.now() + turnTimeoutMs;
  for (;;) {
    const { rows } = await client.query<{ taken: boolean }>(
      "select pg_try_advisory_lock(hashtext('shop-task'), hashtext('indexes')) as taken",
    );
    if (rows[0]?.taken === true) return;
    if (performance.now() > deadline) throw new Error("another run works on the indexes");
    await sleep(200);
  }
}

function connect(url: string, purpose: string): pg.Client {
  const client = new pg.Client({ connectionString: url, application_name: `shop-indexes-${purpose}` });
  client.on("error", (error) => say(`lost the connection to the database: ${error.message}`));
  return client;
}

async function run(verb: Verb, url: string, signal: AbortSignal): Promise<void> {
  const [client, watcher] = [connect(url, verb), connect(url, "watch")];
  try {
    await Promise.all([client.connect(), watcher.connect()]);
    // A build whose program was killed must not go on; and it leaves the processors to the shop.
    await client.query("set client_connection_check_interval = '1s'; set max_parallel_maintenance_workers = 0");
    await client.query(`set lock_timeout = ${lockTimeoutMs}; set statement_timeout = 0`);
    await takeTurn(client);
    const options = { giveUpAfterMs, signal, say };
    if (verb === "explain") return report(await plansOf(client, await missingIndexes(client)));
    if (verb === "drop") {
      for (const { name } of databaseIndexes) await dropIndex(client, name, options);
      return;
    }
    await build(client, watcher, options);
    report(await plansOf(client, databaseIndexes));
  } finally {
    await Promise.all([client.end(), watcher.end()]);
  }
}

/**
 * The indexes of the step `database-indexes`, in the database at SHOP_INDEXES_URL (a role that owns the tables, connected
 * directly): `node indexes.js explain` prints the plans of the queries whose index is missing, `build` makes those indexes
 * beside the traffic and prints the plans of all queries, `drop` takes all of them away. Explaining is a run of its own, so
 * that its plans can be kept before anything is built. Progress goes to stderr. A run that was killed is done again. Exits 0
 * when all is done, 2 on wrong use, 1 on failure.
 */
const [verb, ...rest] = process.argv.slice(2);
const url = process.env["SHOP_INDEXES_URL"] ?? "";
if (!isVerb(verb) || rest.length > 0 || url === "") {
  say(`usage: SHOP_INDEXES_URL=postgres://… node indexes.js ${verbs.join(" | ")}`);
  process.exitCode = 2;
} else {
  const stopping = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stopping.abort());
  try {
    await run(verb, url, stopping.signal);
  } catch (error) {
    say(`indexes: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
