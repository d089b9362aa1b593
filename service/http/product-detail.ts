import * as contract from "../contract/catalogue.ts";
import { findProduct } from "../store/products.ts";
import { answerCached } from "./answer-cached.ts";
import { answerRefusal } from "./problem.ts";
import { readId } from "./read-id.ts";
import { route, type Route } from "./route.ts";
import type { Services } from "./services.ts";

/** One product with its stock. */
export function productDetail(services: Services): Route {
  return route(contract.readProduct, async (request, response) => {
    const id = readId(request);
    if (id === undefined) return answerRefusal(response, { code: "not-found" });
    const product = await services.cache.answer("product", String(id), async () => {
      const found = await findProduct(services.database, id);
      return found && JSON.stringify(found);
    });
    if (product === undefined) return answerRefusal(response, { code: "not-found" });
    answerCached(response, product);
  });
}
