import type { Credentials, OrderRequest } from "../../service/contract/api.ts";
import { routes, seededUser } from "../../service/contract/routes.ts";
import type { Catalogue } from "./catalogue.ts";
import type { Action } from "./mix.ts";
import { below, weightedIndex, zipfRank, type Random } from "./random.ts";
import type { Shopper, Shoppers } from "./shoppers.ts";

/** One request of one shopper, ready to be sent. */
export interface ShopRequest {
  readonly action: Action;
  readonly shopper: Shopper;
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
}

/** Most orders are of one product; the weights of one, two and three lines. */
const drawExtraLines = weightedIndex([7, 2, 1]);
const listLimit = 20;
const sorts = ["name", "price", "-price", "newest"] as const;

/** Makes requests of the mix's actions; `run` makes idempotency keys differ from those of other runs with the same seed. */
export function requestsOf(options: {
  readonly catalogue: Catalogue;
  readonly shoppers: Shoppers;
  readonly random: Random;
  readonly run: string;
}): (action: Action) => ShopRequest {
  const { catalogue, shoppers, random, run } = options;
  const { productIds, searchTerms } = catalogue;
  const drawProduct = zipfRank(productIds.length);
  const drawTerm = zipfRank(searchTerms.length);
  let orders = 0;

  const product = (): number => productIds[drawProduct(random)] ?? 1;
  const signIn = (): ShopRequest => {
    const shopper = shoppers.nextToSignIn();
    return post("login", shopper, routes.token, {
      email: seededUser.email(shopper.user),
      password: seededUser.password,
    });
  };
  const placeOrder = (shopper: Shopper): ShopRequest => {
    const ids = new Set(Array.from({ length: 1 + drawExtraLines(random) }, product));
    const lines = [...ids].map((productId) => ({ productId, quantity: 1 }));
    const request = post("placeOrder", shopper, routes.orders, { lines });
    return { ...request, headers: { ...request.headers, "idempotency-key": `${run}-${++orders}` } };
  };
  const actOnOrders = (action: "ownOrders" | "placeOrder"): ShopRequest => {
    const shopper = shoppers.signedIn();
    if (shopper === undefined) return signIn();
    return action === "ownOrders" ? get(action, shopper, routes.orders) : placeOrder(shopper);
  };
  const searchTerm = (): string => encodeURIComponent(searchTerms[drawTerm(random)] ?? "");
  const sort = (): string => sorts[below(random, sorts.length)] ?? "name";

  const make: Readonly<Record<Action, () => ShopRequest>> = {
    login: signIn,
    search: () => get("search", shoppers.anyone(), `${routes.search}?q=${searchTerm()}`),
    productList: () => get("productList", shoppers.anyone(), `${routes.products}?limit=${listLimit}&sort=${sort()}`),
    productDetail: () => get("productDetail", shoppers.anyone(), routes.product.replace(":id", String(product()))),
    ownOrders: () => actOnOrders("ownOrders"),
    placeOrder: () => actOnOrders("placeOrder"),
  };
  return (action) => make[action]();
}

function get(action: Action, shopper: Shopper, path: string): ShopRequest {
  return { action, shopper, method: "GET", path, headers: headersOf(shopper) };
}

function post(action: Action, shopper: Shopper, path: string, content: Credentials | OrderRequest): ShopRequest {
  const headers = { ...headersOf(shopper), "content-type": "application/json" };
  return { action, shopper, method: "POST", path, headers, body: JSON.stringify(content) };
}

function headersOf({ token }: Shopper): Record<string, string> {
  const accept = "application/json";
  return token === undefined ? { accept } : { accept, authorization: `Bearer ${token}` };
}
