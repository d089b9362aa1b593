import type { Categories, ProductDetail, ProductPage, ProductSort, ProductSummary } from "../contract/catalogue.ts";
import { encodeCursor, type ProductCursor } from "../shop/product-cursor.ts";
import type { Database, Reader } from "./database.ts";
import type { Statement } from "./query-form.ts";

export interface ProductListing {
  readonly category: string | undefined;
  readonly minCents: number | undefined;
  readonly maxCents: number | undefined;
  readonly sort: ProductSort;
  readonly limit: number;
  readonly after: ProductCursor | undefined;
}

/** Columns of a ProductSummary, of `product p` joined with `category c`. */
export const summaryColumns = `p.id, p.name, c.slug as category, p.price_cents as "priceCents"`;

/** Column, comparison and direction of each order; the id makes the order total, so that paging never skips a row. */
const orders: Record<ProductSort, { column: string; type: string; comparison: string; direction: string }> = {
  name: { column: "p.name", type: "text", comparison: ">", direction: "asc" },
  price: { column: "p.price_cents", type: "integer", comparison: ">", direction: "asc" },
  "-price": { column: "p.price_cents", type: "integer", comparison: "<", direction: "desc" },
  newest: { column: "p.id", type: "bigint", comparison: "<", direction: "desc" },
};

/** All categories, by name. */
export async function listCategories(database: Database): Promise<Categories> {
  return { items: await database.read("select slug, name from category order by name, id", [], "catalogue") };
}

/** One page of the catalogue, by keyset: its cost does not grow with the page's number. */
export async function listProducts(database: Reader, listing: ProductListing): Promise<ProductPage> {
  const { column, type, comparison, direction } = orders[listing.sort];
  const { category, minCents, maxCents, after } = listing;
  const values: unknown[] = [listing.limit + 1];
  const conditions = ["p.retired_at is null"];
  // As a value and not by the join, so that an index on the category gives its products in order.
  if (category !== undefined) {
    conditions.push(`p.category_id = (select id from category where slug = $${values.push(category)})`);
  }
  if (minCents !== undefined) conditions.push(`p.price_cents >= $${values.push(minCents)}`);
  if (maxCents !== undefined) conditions.push(`p.price_cents <= $${values.push(maxCents)}`);
  if (after !== undefined) {
    const key = `$${values.push(after.key)}::${type}`;
    conditions.push(`(${column}, p.id) ${comparison} (${key}, $${values.push(after.id)}::bigint)`);
  }
  const rows = await database.read<ProductSummary>(
    `select ${summaryColumns} from product p join category c on c.id = p.category_id
     where ${conditions.join(" and ")}
     order by ${column} ${direction}, p.id ${direction} limit $1`,
    values,
    "catalogue",
  );
  return toPage(rows, listing);
}

const productById: Statement = {
  plain: `select ${summaryColumns}, p.description, p.stock from product p join category c on c.id = p.category_id
     where p.id = $1 and p.retired_at is null`,
  optimised: "select * from product_by_id($1)",
};

export async function findProduct(database: Reader, id: number): Promise<ProductDetail | undefined> {
  const rows = await database.read<ProductDetail>(productById[database.form], [id], `product:${id}`);
  return rows[0];
}

function toPage(rows: readonly ProductSummary[], { sort, limit }: ProductListing): ProductPage {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, next: rows.length > limit && last !== undefined ? encodeCursor(sort, last) : null };
}
