import * as contract from "../contract/catalogue.ts";
import { accepted } from "../shop/refusal.ts";
import { listCategories } from "../store/products.ts";
import { cachedRoute, type CachedRoute } from "./cached-route.ts";
import type { Services } from "./services.ts";

/** All categories. */
export function categories(services: Services): CachedRoute {
  return cachedRoute(services, {
    operation: contract.listCategories,
    cache: "category",
    read: () => accepted({ key: "all", load: async () => JSON.stringify(await listCategories(services.database)) }),
  });
}
