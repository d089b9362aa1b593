import type { ProductPage, ProductSummary } from "../contract/catalogue.ts";
import type { Reader } from "./database.ts";
import { summaryColumns } from "./products.ts";

/**
 * pg_trgm's distance between a search and the part of a name that is most like it: 0 is equal, 1 has nothing in common.
 * Of single words with one typing error 91% stay within this, while "laptop" finds nothing in a shop without any.
 */
const maxDistance = 0.7;
/** Names that are equally far are put in order among this many: the index itself knows only the distance. */
const nearest = 100;

/**
 * Products whose names have every word, the last one by its beginning; when there are none, those with similar names.
 * Without words there is nothing to find.
 */
export async function searchProducts(database: Reader, words: readonly string[], limit: number): Promise<ProductPage> {
  if (words.length === 0) return { items: [], next: null };
  const matches = await findByWords(database, words, limit);
  return { items: matches.length > 0 ? matches : await findAlike(database, words, limit), next: null };
}

/** Whole words before beginnings, words next to each other before scattered ones, short names before long ones. */
function findByWords(database: Reader, words: readonly string[], limit: number): Promise<ProductSummary[]> {
  return database.read<ProductSummary>(
    `select ${summaryColumns} from product p join category c on c.id = p.category_id
     where p.words @@ to_tsquery('simple', $1) and p.retired_at is null
     order by p.words @@ to_tsquery('simple', $2) desc, ts_rank_cd(p.words, to_tsquery('simple', $1), 1) desc, p.id
     limit $3`,
    [`${words.join(" & ")}:*`, words.join(" & "), limit],
    "catalogue",
  );
}

/** The order of the inner query is one that an index gives; of equally near names those with least beside it come first. */
function findAlike(database: Reader, words: readonly string[], limit: number): Promise<ProductSummary[]> {
  return database.read<ProductSummary>(
    `select ${summaryColumns}
     from (select id, name, category_id, price_cents, $1 <<-> name as distance from product
           where retired_at is null order by $1 <<-> name limit ${nearest}) p
     join category c on c.id = p.category_id
     where p.distance <= ${maxDistance} order by p.distance, p.name <-> $1, p.id limit $2`,
    [words.join(" "), limit],
    "catalogue",
  );
}
