import { readCatalogue } from "../../cli/load/catalogue.ts";
import { listProducts, productSorts, readProduct, searchProducts } from "../../service/contract/catalogue.ts";
import { requestOf } from "../../service/contract/client.ts";

const atOnce = 20;

/** Asks once for every product, list and search that the growth plan's mix may ask for, each from an address of its own. */
export async function fillCaches(baseUrl: string): Promise<void> {
  const { productIds, searchTerms } = await readCatalogue(baseUrl, "127.0.0.1");
  const paths = [
    ...productIds.map((id) => requestOf(readProduct, { params: { id: `${id}` } }).path),
    ...searchTerms.map((q) => requestOf(searchProducts, { query: { q } }).path),
    ...productSorts.map((sort) => requestOf(listProducts, { query: { limit: 20, sort } }).path),
  ];
  for (let begin = 0; begin < paths.length; begin += atOnce) {
    const some = paths.slice(begin, begin + atOnce).map((path, index) => ask(baseUrl + path, begin + index));
    await Promise.all(some);
  }
}

async function ask(url: string, turn: number): Promise<void> {
  const answer = await fetch(url, { headers: { "x-forwarded-for": `10.8.${turn >> 8}.${turn & 255}` } });
  await answer.arrayBuffer();
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
}
