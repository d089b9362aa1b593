import type { ClientBase } from "pg";
import { databaseIndexes } from "../contract/indexes.ts";
import { listProducts, type ProductListing } from "../store/products.ts";
import { searchProducts } from "../store/search-products.ts";
import { statementsOf, type ShopStatement } from "./statements-of.ts";

/** What the queries ask for: a product in the middle of the catalogue, so that something is found. */
interface Sample {
  readonly id: number;
  readonly name: string;
  readonly category: string;
  readonly priceCents: number;
}

const pageSize = 20;
const nothingYet: Sample = { id: 1, name: "oak chair", category: "garden", priceCents: 5_000 };
const firstPage: Omit<ProductListing, "sort"> = {
  category: undefined,
  minCents: undefined,
  maxCents: undefined,
  limit: pageSize,
  after: undefined,
};

/** For each index, by its name, the statement of the shop that it serves, about products that there are. */
export async function indexQueries(client: ClientBase): Promise<ReadonlyMap<string, ShopStatement>> {
  const { id, name, category, priceCents } = await readSample(client);
  const words = name.toLowerCase().split(/\W+/).filter(Boolean).slice(0, 2);
  const [byWords, alike] = await statementsOf((reader) => searchProducts(reader, words, pageSize));
  const [byName] = await statementsOf((reader) => listProducts(reader, { ...firstPage, sort: "name" }));
  const [byPrice] = await statementsOf((reader) =>
    listProducts(reader, { ...firstPage, sort: "-price", maxCents: priceCents }),
  );
  const [nextOfCategory] = await statementsOf((reader) =>
    listProducts(reader, { ...firstPage, category, sort: "name", after: { key: name, id } }),
  );
  const [cheapOfCategory] = await statementsOf((reader) =>
    listProducts(reader, { ...firstPage, category, sort: "price", minCents: priceCents }),
  );
  const found: Record<string, ShopStatement | undefined> = {
    product_words: byWords,
    product_name_trigrams: alike,
    product_name: byName,
    product_price: byPrice,
    product_category_name: nextOfCategory,
    product_category_price: cheapOfCategory,
  };
  return new Map(databaseIndexes.map((index) => [index.name, known(index.name, found[index.name])]));
}

function known(index: string, statement: ShopStatement | undefined): ShopStatement {
  if (statement === undefined) throw new TypeError(`no query of the shop is known for the index ${index}`);
  return statement;
}

async function readSample(client: ClientBase): Promise<Sample> {
  const { rows } = await client.query<Sample>(
    `select p.id::integer, p.name, c.slug as category, p.price_cents as "priceCents"
       from product p join category c on c.id = p.category_id
      where p.id >= (select (min(id) + max(id)) / 2 from product) order by p.id limit 1`,
  );
  return rows[0] ?? nothingYet;
}
