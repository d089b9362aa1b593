import * as contract from "../contract/catalogue.ts";
import { accepted } from "../shop/refusal.ts";
import { searchWords } from "../shop/search-words.ts";
import { searchProducts } from "../store/search-products.ts";
import { cachedRoute, type CachedRoute } from "./cached-route.ts";
import { readInput } from "./read-input.ts";
import type { Services } from "./services.ts";

/** Products by words of their names, or by names like them. */
export function searchRoute(services: Services): CachedRoute {
  return cachedRoute(services, {
    operation: contract.searchProducts,
    cache: "search",
    read: ({ query }) => {
      const input = readInput(contract.searchProducts.query, query);
      if (!input.ok) return input;
      const { q, limit } = input.value;
      const words = searchWords(q);
      return accepted({
        key: JSON.stringify([words, limit]),
        load: async () => JSON.stringify(await searchProducts(services.database, words, limit)),
      });
    },
  });
}
