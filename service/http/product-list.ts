import * as contract from "../contract/catalogue.ts";
import { decodeCursor } from "../shop/product-cursor.ts";
import { listProducts } from "../store/products.ts";
import { answerCached } from "./answer-cached.ts";
import { answerRefusal } from "./problem.ts";
import { readInput } from "./read-input.ts";
import { route, type Route } from "./route.ts";
import type { Services } from "./services.ts";

/** One page of the catalogue; without stock, so that orders do not make it out of date. */
export function productList(services: Services): Route {
  return route(contract.listProducts, async (request, response) => {
    const input = readInput(contract.listProducts.query, request.query);
    if (!input.ok) return answerRefusal(response, input.refusal);
    const { category, minCents, maxCents, sort, limit, after } = input.value;
    const cursor = after === undefined ? undefined : decodeCursor(sort, after);
    if (after !== undefined && cursor === undefined) return answerRefusal(response, { code: "unknown-page" });
    const listing = { category, minCents, maxCents, sort, limit, after: cursor };
    const key = JSON.stringify([category, minCents, maxCents, sort, limit, cursor]);
    const page = await services.cache.answer("product-list", key, async () =>
      JSON.stringify(await listProducts(services.database, listing)),
    );
    answerCached(response, page);
  });
}
