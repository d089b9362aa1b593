import { Client } from "undici";
import type { ProductPage, ProductSummary } from "../../service/contract/catalogue.ts";
import { routes } from "../../service/contract/routes.ts";

/** What shoppers know of the shop: its products, the best known first, and words to search for. */
export interface Catalogue {
  readonly productIds: readonly number[];
  readonly searchTerms: readonly string[];
}

/** Enough for any popularity that matters, in 20 requests: well under the limit of one address. */
const [pageSize, maxPages] = [100, 20];
const timeoutMs = 5_000;

/** Reads up to 2,000 products from the shop itself; throws when it does not answer or has none. */
export async function readCatalogue(baseUrl: string, localAddress: string): Promise<Catalogue> {
  const client = new Client(new URL(baseUrl).origin, {
    localAddress,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  });
  try {
    const products = (await readPages(client)).toSorted((left, right) => left.id - right.id);
    if (products.length === 0) throw new Error(`${baseUrl} has no products to shop for`);
    return { productIds: products.map(({ id }) => id), searchTerms: searchTermsOf(products) };
  } finally {
    await client.destroy();
  }
}

/** The first and the last word of each name, e.g. "Blue Mug" is searched as "blue" and "mug". */
export function searchTermsOf(products: readonly { readonly name: string }[]): readonly string[] {
  const words = products.flatMap(({ name }) => {
    const all = name.toLowerCase().match(/\p{L}{3,}/gu) ?? [];
    return [all.at(0), all.at(-1)].filter((word) => word !== undefined);
  });
  return [...new Set(words)];
}

async function readPages(client: Client): Promise<readonly ProductSummary[]> {
  const products: ProductSummary[] = [];
  let after: string | null = "";
  for (let page = 0; page < maxPages && after !== null; page += 1) {
    const query = new URLSearchParams({ limit: String(pageSize), ...(after === "" ? {} : { after }) });
    const answer = await client.request({ method: "GET", path: `${routes.products}?${query.toString()}` });
    if (answer.statusCode !== 200)
      throw new Error(`${routes.products} answered ${answer.statusCode}: ${await answer.body.text()}`);
    const read: unknown = await answer.body.json();
    if (!isPage(read)) throw new Error(`${routes.products} answered something else than a page of products`);
    products.push(...read.items);
    after = read.next;
  }
  return products;
}

function isPage(value: unknown): value is ProductPage {
  return (
    typeof value === "object" && value !== null && "items" in value && Array.isArray(value.items) && "next" in value
  );
}
