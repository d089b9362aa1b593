import * as contract from "../contract/catalogue.ts";
import { searchWords } from "../shop/search-words.ts";
import { searchProducts } from "../store/search-products.ts";
import { answerCached } from "./answer-cached.ts";
import { answerRefusal } from "./problem.ts";
import { readInput } from "./read-input.ts";
import { route, type Route } from "./route.ts";
import type { Services } from "./services.ts";

/** Products by words of their names, or by names like them. */
export function searchRoute(services: Services): Route {
  return route(contract.searchProducts, async (request, response) => {
    const input = readInput(contract.searchProducts.query, request.query);
    if (!input.ok) return answerRefusal(response, input.refusal);
    const { limit } = input.value;
    const words = searchWords(input.value.q);
    const page = await services.cache.answer("search", JSON.stringify([words, limit]), async () =>
      JSON.stringify(await searchProducts(services.database, words, limit)),
    );
    answerCached(response, page);
  });
}
