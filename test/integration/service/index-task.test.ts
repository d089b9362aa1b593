import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { databaseIndexes } from "../../../service/contract/indexes.ts";
import { indexesReportSchema, type IndexesReport } from "../../../service/contract/query-plans.ts";
import { startChild, type Child } from "../../support/child.ts";
import { startPostgres, type TestPostgres } from "../../support/postgres.ts";
import { migrateShop, seedShop } from "../../support/shop.ts";
import { waitUntil } from "../../support/wait-until.ts";

const names = databaseIndexes.map(({ name }) => name).toSorted();
const program = join(import.meta.dirname, "..", "..", "..", "service", "indexes.ts");
let postgres: TestPostgres;

beforeAll(async () => {
  postgres = await startPostgres();
  await migrateShop(postgres);
  await seedShop(postgres, 0, 3_000);
  await postgres.query("vacuum analyze product");
});
afterAll(() => postgres?.stop());

function start(verb: string): Child {
  return startChild(process.execPath, [program, verb], {
    env: { ...process.env, SHOP_INDEXES_URL: postgres.adminUrl() },
  });
}

async function run(verb: string): Promise<{ code: unknown; plans: IndexesReport["plans"]; said: string }> {
  const child = start(verb);
  const code = await child.exited;
  const lines = child.output().split("\n");
  const reports = lines
    .filter((line) => line.startsWith("{"))
    .map((line) => indexesReportSchema.parse(JSON.parse(line)));
  expect(reports).toHaveLength(verb === "drop" ? 0 : 1);
  return {
    code,
    plans: reports.flatMap(({ plans }) => plans),
    said: lines.filter((line) => !line.startsWith("{")).join("\n"),
  };
}

/** Names of the step's indexes, valid or not. */
async function indexes(valid: boolean): Promise<string[]> {
  const rows = await postgres.query<{ name: string }>(
    `select relname as name from pg_index join pg_class on pg_class.oid = indexrelid
      where relname = any($1) and indisvalid = $2 order by relname`,
    [names, valid],
  );
  return rows.map(({ name }) => name);
}

/** A session with a transaction that has written to the table and does not end. */
async function openTransaction(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: postgres.adminUrl(), application_name: "slow-report" });
  await client.connect();
  await client.query("begin; update product set stock = stock where id = 1");
  return client;
}

const building = () =>
  postgres.query("select 1 from pg_stat_progress_create_index").then((rows) => (rows.length > 0 ? true : undefined));

test("builds every index and shows how each query was carried out before and after", async () => {
  const before = await run("explain");
  expect([before.code, await indexes(true)]).toEqual([0, []]);
  const after = await run("build");
  expect([after.code, await indexes(true)]).toEqual([0, names]);
  expect(after.said).toContain("product_words for search by words (1 of 6)");
  const queries = databaseIndexes.map(({ serves }) => serves);
  expect([before, after].map(({ plans }) => plans.map(({ query }) => query))).toEqual([queries, queries]);
  for (const { plan } of before.plans) expect(plan).toMatchObject({ node: "Seq Scan on product", rows: 3_000 });
  expect(after.plans.map(({ plan }) => plan.node)).toEqual(
    databaseIndexes.map(({ name }) =>
      expect.stringMatching(new RegExp(`^(Index|Bitmap Heap) Scan on product by ${name}$`)),
    ),
  );
  for (const { plan } of after.plans) expect(plan.rows).toBeLessThan(200);
});

test("a second run changes nothing, and the way back takes all of them away", async () => {
  expect(await run("explain")).toMatchObject({ code: 0, plans: [] });
  const again = await run("build");
  expect([again.code, again.plans.length]).toEqual([0, names.length]);
  expect([(await run("drop")).code, await indexes(true), await indexes(false)]).toEqual([0, [], []]);
  expect((await run("drop")).code).toBe(0);
});

test("fault 12: a build that is killed half-way leaves an invalid index, which the next run removes and builds", async () => {
  const slow = await openTransaction();
  const child = start("build");
  await waitUntil("a build under way", building);
  expect(await child.stop("SIGKILL")).toBe("SIGKILL");
  // Its session notices by itself; nobody ends it.
  await waitUntil("the end of its session", async () => ((await building()) === undefined ? true : undefined));
  expect([await indexes(false), await indexes(true)]).toEqual([["product_words"], []]);
  await slow.query("rollback");
  await slow.end();
  const { code, said } = await run("build");
  expect([code, await indexes(true), await indexes(false)]).toEqual([0, names, []]);
  expect(said).toContain("product_words: removing the invalid index that a build which was cut off has left");
});

test("behind a transaction that does not end it gives way, says who is in the way, and blocks no writer", async () => {
  await run("drop");
  const slow = await openTransaction();
  const child = start("build");
  await waitUntil("its word", () => (/waits: process \d+ \(slow-report\)/.test(child.output()) ? true : undefined));
  const startedAt = performance.now();
  await postgres.query("update product set stock = stock where id = 2");
  expect(performance.now() - startedAt).toBeLessThan(1_000);
  await slow.query("commit");
  await slow.end();
  expect([await child.exited, await indexes(true), await indexes(false)]).toEqual([0, names, []]);
});
