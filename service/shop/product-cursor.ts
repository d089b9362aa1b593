import type { ProductSort, ProductSummary } from "../contract/catalogue.ts";

/** Where a page of products ended: the sort key of its last product, and the product's id. */
export interface ProductCursor {
  readonly key: string | number;
  readonly id: number;
}

/** Opaque text that continues after `last`; only good for the same sort. */
export function encodeCursor(sort: ProductSort, last: ProductSummary): string {
  return Buffer.from(JSON.stringify([sort, sortKeys[sort](last), last.id])).toString("base64url");
}

/** The cursor in `text`; undefined when it is not one of ours or belongs to another sort. */
export function decodeCursor(sort: ProductSort, text: string): ProductCursor | undefined {
  const parts = parseParts(text);
  if (parts === undefined || parts.length !== 3) return undefined;
  const [of, key, id] = parts;
  if (of !== sort || !keyFits(sort, key) || typeof id !== "number" || !Number.isSafeInteger(id)) return undefined;
  return typeof key === "string" || typeof key === "number" ? { key, id } : undefined;
}

const sortKeys: Record<ProductSort, (product: ProductSummary) => string | number> = {
  name: (product) => product.name,
  price: (product) => product.priceCents,
  "-price": (product) => product.priceCents,
  newest: (product) => product.id,
};

/** What Postgres takes for the key's column: text has no character 0, a price is a 4-byte integer. */
function keyFits(sort: ProductSort, key: unknown): boolean {
  if (sort === "name") return typeof key === "string" && !key.includes("\0");
  const limit = sort === "newest" ? Number.MAX_SAFE_INTEGER : 2 ** 31 - 1;
  return typeof key === "number" && Number.isInteger(key) && Math.abs(key) <= limit;
}

function parseParts(text: string): readonly unknown[] | undefined {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
    return Array.isArray(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}
