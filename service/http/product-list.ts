import * as contract from "../contract/catalogue.ts";
import { decodeCursor } from "../shop/product-cursor.ts";
import { accepted, refused } from "../shop/refusal.ts";
import { listProducts } from "../store/products.ts";
import { cachedRoute, type CachedRoute } from "./cached-route.ts";
import { readInput } from "./read-input.ts";
import type { Services } from "./services.ts";

/** One page of the catalogue; without stock, so that orders do not make it out of date. */
export function productList(services: Services): CachedRoute {
  return cachedRoute(services, {
    operation: contract.listProducts,
    cache: "product-list",
    read: ({ query }) => {
      const input = readInput(contract.listProducts.query, query);
      if (!input.ok) return input;
      const { category, minCents, maxCents, sort, limit, after } = input.value;
      const cursor = after === undefined ? undefined : decodeCursor(sort, after);
      if (after !== undefined && cursor === undefined) return refused({ code: "unknown-page" });
      const listing = { category, minCents, maxCents, sort, limit, after: cursor };
      return accepted({
        key: JSON.stringify([category, minCents, maxCents, sort, limit, cursor]),
        load: async () => JSON.stringify(await listProducts(services.database, listing)),
      });
    },
  });
}
