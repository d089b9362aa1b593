/** More words than this never narrow a search of product names. */
const maxWords = 6;

/**
 * Words of a search, lower case, without anything that Postgres' query language gives a meaning.
 * Equal searches give equal words, so that they share one cached answer.
 */
export function searchWords(text: string): readonly string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "")
    .slice(0, maxWords);
}
