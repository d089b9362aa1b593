import * as contract from "../contract/catalogue.ts";
import { accepted, refused } from "../shop/refusal.ts";
import { findProduct } from "../store/products.ts";
import { cachedRoute, type CachedRoute } from "./cached-route.ts";
import { readId } from "./read-id.ts";
import type { Services } from "./services.ts";

/** One product with its stock. */
export function productDetail(services: Services): CachedRoute {
  return cachedRoute(services, {
    operation: contract.readProduct,
    cache: "product",
    read: (input) => {
      const id = readId(input);
      if (id === undefined) return refused({ code: "not-found" });
      const load = async (): Promise<string | undefined> => {
        const found = await findProduct(services.database, id);
        return found && JSON.stringify(found);
      };
      return accepted({ key: String(id), load });
    },
  });
}
