import { afterAll, beforeAll, expect, test } from "vitest";
import { databaseIndexes } from "../../../service/contract/indexes.ts";
import { Database } from "../../../service/store/database.ts";
import { listProducts, type ProductListing } from "../../../service/store/products.ts";
import { searchProducts } from "../../../service/store/search-products.ts";
import { startPostgres, type TestPostgres } from "../../support/postgres.ts";
import { migrateShop, seedShop } from "../../support/shop.ts";
import { waitUntil } from "../../support/wait-until.ts";

let postgres: TestPostgres;

beforeAll(async () => {
  postgres = await startPostgres();
  await migrateShop(postgres);
  await seedShop(postgres, 0, 20_000);
});
afterAll(() => postgres?.stop());

const everything: ProductListing = {
  category: undefined,
  minCents: undefined,
  maxCents: undefined,
  sort: "name",
  limit: 20,
  after: undefined,
};
const garden = { ...everything, category: "garden" };

/** The query that each index of the contract serves. */
const queries: Record<string, (database: Database) => Promise<unknown>> = {
  product_words: (database) => searchProducts(database, ["velvet", "oak", "cha"], 20),
  product_name_trigrams: (database) => searchProducts(database, ["walnut", "kettel"], 20),
  product_name: (database) => listProducts(database, everything),
  product_price: (database) => listProducts(database, { ...everything, sort: "-price", maxCents: 9_000 }),
  product_category_name: (database) => listProducts(database, { ...garden, after: { key: "Maple", id: 1 } }),
  product_category_price: (database) => listProducts(database, { ...garden, sort: "price", minCents: 5_000 }),
};

/** Answers of all queries, with the time that they took together, by the shop's role on a connection of its own. */
async function answerAll(): Promise<{ answers: Record<string, unknown>; tookMs: number }> {
  const database = new Database({
    url: postgres.shopUrl(),
    poolSize: 1,
    onWait: () => undefined,
    onError: (error) => {
      throw error;
    },
  });
  const answers: Record<string, unknown> = {};
  const startedAt = performance.now();
  for (const [name, query] of Object.entries(queries)) answers[name] = await query(database);
  const tookMs = performance.now() - startedAt;
  // Its statistics are written down at the latest when a connection ends.
  await database.close();
  return { answers, tookMs };
}

const scansOf = (name: string): Promise<{ n: number }[]> =>
  postgres.query("select idx_scan::int as n from pg_stat_user_indexes where indexrelname = $1", [name]);

test("every index of the step serves the query that it is for, and changes no answer", async () => {
  const without = await answerAll();
  for (const { name, table, definition } of databaseIndexes) {
    await postgres.query(`create index concurrently ${name} on ${table} ${definition}`);
  }
  await postgres.query("analyze product");
  const withThem = await answerAll();
  expect(withThem.answers).toEqual(without.answers);
  expect(Object.keys(queries).toSorted()).toEqual(databaseIndexes.map(({ name }) => name).toSorted());
  for (const { name } of databaseIndexes) {
    await waitUntil(`a scan of ${name}`, async () => ((await scansOf(name))[0]?.n ?? 0) > 0, 3_000);
  }
  console.log(
    `all queries: ${Math.round(without.tookMs)} ms without, ${Math.round(withThem.tookMs)} ms with the indexes`,
  );
});
