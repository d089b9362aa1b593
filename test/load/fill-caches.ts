import { homeAddress } from "../../cli/load/addresses.ts";
import { readCatalogue } from "../../cli/load/catalogue.ts";
import { signIn } from "../../service/contract/accounts.ts";
import { listProducts, productSorts, readProduct, searchProducts } from "../../service/contract/catalogue.ts";
import { requestOf, type HttpRequest } from "../../service/contract/client.ts";
import { seededUser } from "../../service/contract/routes.ts";

const atOnce = 20;

/** Asks once for every product, list and search that the growth plan's mix may ask for, each from an address of its own. */
export async function fillCaches(baseUrl: string): Promise<void> {
  const { productIds, searchTerms } = await readCatalogue(baseUrl, "127.0.0.1");
  await askAll(baseUrl, [
    ...productIds.map((id) => requestOf(readProduct, { params: { id: `${id}` } })),
    ...searchTerms.map((q) => requestOf(searchProducts, { query: { q } })),
    ...productSorts.map((sort) => requestOf(listProducts, { query: { limit: 20, sort } })),
  ]);
}

/** Signs every seeded user in once, from home: an instance knows for a day who signed in, and for ten minutes where. */
export async function signInAll(baseUrl: string, users: number): Promise<void> {
  const { email, password } = seededUser;
  const all = Array.from({ length: users }, (_, at) => requestOf(signIn, { body: { email: email(at + 1), password } }));
  await askAll(baseUrl, all, homeAddress);
}

async function askAll(
  baseUrl: string,
  requests: readonly HttpRequest[],
  addressOf = (turn: number): string => `10.8.${turn >> 8}.${turn & 255}`,
): Promise<void> {
  for (let begin = 0; begin < requests.length; begin += atOnce) {
    const some = requests.slice(begin, begin + atOnce);
    await Promise.all(some.map((request, index) => ask(baseUrl, request, addressOf(begin + index + 1))));
  }
}

async function ask(baseUrl: string, { path, headers, ...request }: HttpRequest, address: string): Promise<void> {
  const answer = await fetch(baseUrl + path, { ...request, headers: { ...headers, "x-forwarded-for": address } });
  await answer.arrayBuffer();
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
}
