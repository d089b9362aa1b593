import * as contract from "../contract/catalogue.ts";
import { listCategories } from "../store/products.ts";
import { answerJsonText } from "./answer-json.ts";
import { route, type Route } from "./route.ts";
import type { Services } from "./services.ts";

/** All categories. */
export function categories(services: Services): Route {
  return route(contract.listCategories, async (_request, response) => {
    const text = await services.cache.read("category", "all", async () =>
      JSON.stringify(await listCategories(services.database)),
    );
    answerJsonText(response, text);
  });
}
