import * as contract from "../contract/accounts.ts";
import { findMe } from "../store/accounts.ts";
import { answerJson } from "./answer-json.ts";
import { authenticate } from "./authenticate.ts";
import { answerRefusal } from "./problem.ts";
import { route, type Route } from "./route.ts";
import type { Services } from "./services.ts";

/** What the shop knows of who asks. */
export function me(services: Services): Route {
  return route(contract.readMe, async (request, response) => {
    const account = await authenticate(services, request);
    if (!account.ok) return answerRefusal(response, account.refusal);
    const found = await findMe(services.database, account.value);
    if (found === undefined) return answerRefusal(response, { code: "not-signed-in" });
    answerJson(response, 200, found);
  });
}
