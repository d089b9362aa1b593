import { signIn as signInOperation } from "../../service/contract/accounts.ts";
import { listProducts, productSorts, readProduct, searchProducts } from "../../service/contract/catalogue.ts";
import { requestOf, type HttpRequest } from "../../service/contract/client.ts";
import { listOrders, placeOrder as placeOrderOperation } from "../../service/contract/orders.ts";
import { seededUser } from "../../service/contract/routes.ts";
import type { Catalogue } from "./catalogue.ts";
import type { Action } from "./mix.ts";
import { below, weightedIndex, zipfRank, type Random } from "./random.ts";
import type { Shopper, Shoppers } from "./shoppers.ts";

/** One request of one shopper, ready to be sent. */
export interface ShopRequest extends HttpRequest {
  readonly action: Action;
  readonly shopper: Shopper;
}

/** Most orders are of one product; the weights of one, two and three lines. */
const drawExtraLines = weightedIndex([7, 2, 1]);
const listLimit = 20;

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
    const body = { email: seededUser.email(shopper.user), password: seededUser.password };
    return { action: "login", shopper, ...requestOf(signInOperation, { body }, shopper.token) };
  };
  const ownOrders = (shopper: Shopper): ShopRequest => ({
    action: "ownOrders",
    shopper,
    ...requestOf(listOrders, {}, shopper.token),
  });
  const placeOrder = (shopper: Shopper): ShopRequest => {
    const ids = new Set(Array.from({ length: 1 + drawExtraLines(random) }, product));
    const body = { lines: [...ids].map((productId) => ({ productId, quantity: 1 })) };
    const headers = { "idempotency-key": `${run}-${++orders}` };
    return { action: "placeOrder", shopper, ...requestOf(placeOrderOperation, { headers, body }, shopper.token) };
  };
  const withOrders = (act: (shopper: Shopper) => ShopRequest): ShopRequest => {
    const shopper = shoppers.signedIn();
    return shopper === undefined ? signIn() : act(shopper);
  };
  const browse = (action: Action, request: (token: string | undefined) => HttpRequest): ShopRequest => {
    const shopper = shoppers.anyone();
    return { action, shopper, ...request(shopper.token) };
  };
  const q = (): string => searchTerms[drawTerm(random)] ?? "";
  const sort = (): (typeof productSorts)[number] => productSorts[below(random, productSorts.length)] ?? "name";

  const make: Readonly<Record<Action, () => ShopRequest>> = {
    login: signIn,
    search: () => browse("search", (token) => requestOf(searchProducts, { query: { q: q() } }, token)),
    productList: () =>
      browse("productList", (token) => requestOf(listProducts, { query: { limit: listLimit, sort: sort() } }, token)),
    productDetail: () =>
      browse("productDetail", (token) => requestOf(readProduct, { params: { id: String(product()) } }, token)),
    ownOrders: () => withOrders(ownOrders),
    placeOrder: () => withOrders(placeOrder),
  };
  return (action) => make[action]();
}
