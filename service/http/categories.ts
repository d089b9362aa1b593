import * as contract from "../contract/catalogue.ts";
import { listCategories } from "../store/products.ts";
import { answerCached } from "./answer-cached.ts";
import { route, type Route } from "./route.ts";
import type { Services } from "./services.ts";

/** All categories. */
export function categories(services: Services): Route {
  return route(contract.listCategories, async (_request, response) => {
    const answer = await services.cache.answer("category", "all", async () =>
      JSON.stringify(await listCategories(services.database)),
    );
    answerCached(response, answer);
  });
}
