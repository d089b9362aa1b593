import type { ProductDetail, ProductPage, ProductSort, ProductSummary } from "../contract/catalogue.ts";
import { encodeCursor, type ProductCursor } from "../shop/product-cursor.ts";
import type { Database } from "./database.ts";

export interface ProductListing {
  readonly category: string | undefined;
  readonly sort: ProductSort;
  readonly limit: number;
  readonly after: ProductCursor | undefined;
}

const summaryColumns = `p.id, p.name, c.slug as category, p.price_cents as "priceCents"`;

/** Column, comparison and direction of each order; the id makes the order total, so that paging never skips a row. */
const orders: Record<ProductSort, { column: string; type: string; comparison: string; direction: string }> = {
  name: { column: "p.name", type: "text", comparison: ">", direction: "asc" },
  price: { column: "p.price_cents", type: "integer", comparison: ">", direction: "asc" },
  "-price": { column: "p.price_cents", type: "integer", comparison: "<", direction: "desc" },
  newest: { column: "p.id", type: "bigint", comparison: "<", direction: "desc" },
};

/** One page of the catalogue, by keyset: its cost does not grow with the page's number. */
export async function listProducts(database: Database, listing: ProductListing): Promise<ProductPage> {
  const { column, type, comparison, direction } = orders[listing.sort];
  const values: unknown[] = [listing.limit + 1];
  const conditions: string[] = [];
  if (listing.category !== undefined) conditions.push(`c.slug = $${values.push(listing.category)}`);
  if (listing.after !== undefined) {
    const key = `$${values.push(listing.after.key)}::${type}`;
    conditions.push(`(${column}, p.id) ${comparison} (${key}, $${values.push(listing.after.id)}::bigint)`);
  }
  const rows = await database.read<ProductSummary>(
    `select ${summaryColumns} from product p join category c on c.id = p.category_id
     ${conditions.length === 0 ? "" : `where ${conditions.join(" and ")}`}
     order by ${column} ${direction}, p.id ${direction} limit $1`,
    values,
  );
  return toPage(rows, listing);
}

/** Products whose names have every word, the last one by its beginning; the oldest, best known ones first. */
export async function searchProducts(
  database: Database,
  words: readonly string[],
  limit: number,
): Promise<ProductPage> {
  const query = words.map((word, index) => (index === words.length - 1 ? `${word}:*` : word)).join(" & ");
  const items = await database.read<ProductSummary>(
    `select ${summaryColumns} from product p join category c on c.id = p.category_id
     where p.words @@ to_tsquery('simple', $1) order by p.id limit $2`,
    [query, limit],
  );
  return { items, next: null };
}

export async function findProduct(database: Database, id: number): Promise<ProductDetail | undefined> {
  const rows = await database.read<ProductDetail>(
    `select ${summaryColumns}, p.description, p.stock from product p join category c on c.id = p.category_id where p.id = $1`,
    [id],
  );
  return rows[0];
}

function toPage(rows: readonly ProductSummary[], { sort, limit }: ProductListing): ProductPage {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, next: rows.length > limit && last !== undefined ? encodeCursor(sort, last) : null };
}
