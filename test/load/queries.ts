import type { Database } from "../../service/store/database.ts";
import { findProduct, listProducts } from "../../service/store/products.ts";
import { searchProducts } from "../../service/store/search-products.ts";
import { decodeCursor } from "../../service/shop/product-cursor.ts";
import { searchWords } from "../../service/shop/search-words.ts";
import { makeProduct } from "../../service/seed/make-product.ts";
import { after, productCount } from "./rows.ts";

/** One statement with the values of every request. */
export interface Query {
  readonly sql: string;
  readonly values: readonly (readonly unknown[])[];
}

const ids = Array.from({ length: productCount }, (_, index) => index + 1);

const everything = { category: undefined, minCents: undefined, maxCents: undefined, sort: "price", limit: 20 } as const;

/** The very statements that the shop sends for a row of the table: taken from its own code, so that they cannot differ. */
export async function queryOf(row: string): Promise<Query> {
  const ask = questions[row];
  if (ask === undefined) throw new Error(`${row} has no query`);
  const heard: { sql: string; values: readonly unknown[] }[] = [];
  const read = (sql: string, values: readonly unknown[]): Promise<never[]> => {
    heard.push({ sql, values });
    return Promise.resolve([]);
  };
  const recorder = { form: "plain", read, query: read } as unknown as Database;
  for (const id of ids) await ask(recorder, id);
  const [first] = heard;
  if (first === undefined) throw new Error(`${row} asked nothing`);
  return { sql: first.sql, values: heard.filter(({ sql }) => sql === first.sql).map(({ values }) => values) };
}

const questions: Record<string, (database: Database, id: number) => Promise<unknown>> = {
  "list-uncached": (database, id) => listProducts(database, { ...everything, after: decodeCursor("price", after(id)) }),
  "detail-uncached": (database, id) => findProduct(database, id),
  "search-uncached": (database, id) => searchProducts(database, searchWords(makeProduct(id).name.slice(0, -1)), 20),
};
