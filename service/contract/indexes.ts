/**
 * An index that the step `database-indexes` builds; the migrations do not. It is known by its name: one with another
 * definition needs another name.
 */
export interface DatabaseIndex {
  readonly name: string;
  readonly table: "product";
  /** What follows `create index concurrently <name> on <table>`. */
  readonly definition: string;
  /** The query that it serves. */
  readonly serves: string;
}

/**
 * Up to some thousands of products the shop's queries do without these. The order of the columns follows the queries of
 * `service/store/products.ts`: a category first, then the sort key, then the id that makes the order total. Newest first needs none: the primary key gives that order.
 */
export const databaseIndexes: readonly DatabaseIndex[] = [
  { name: "product_words", table: "product", definition: "using gin (words)", serves: "search by words" },
  {
    name: "product_name_trigrams",
    table: "product",
    // GiST, because it gives the nearest names first; 64 bytes keep signatures of names distinct.
    definition: "using gist (name gist_trgm_ops (siglen = 64))",
    serves: "search with typing errors",
  },
  { name: "product_name", table: "product", definition: "(name, id)", serves: "list by name" },
  { name: "product_price", table: "product", definition: "(price_cents, id)", serves: "list by price, price range" },
  {
    name: "product_category_name",
    table: "product",
    definition: "(category_id, name, id)",
    serves: "list of a category by name",
  },
  {
    name: "product_category_price",
    table: "product",
    definition: "(category_id, price_cents, id)",
    serves: "list of a category by price, price range",
  },
];
