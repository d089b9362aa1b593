import * as contract from "../contract/orders.ts";
import { findOrder, listOrders } from "../store/orders.ts";
import { answerJson } from "./answer-json.ts";
import { authenticate } from "./authenticate.ts";
import { answerRefusal } from "./problem.ts";
import { readId } from "./read-id.ts";
import { readInput } from "./read-input.ts";
import { route, type Route } from "./route.ts";
import type { Services } from "./services.ts";

/** The orders of who asks, newest first. */
export function ownOrders(services: Services): Route {
  return route(contract.listOrders, async (request, response) => {
    const account = await authenticate(services, request);
    if (!account.ok) return answerRefusal(response, account.refusal);
    const input = readInput(contract.listOrders.query, request.query);
    if (!input.ok) return answerRefusal(response, input.refusal);
    const { limit, after } = input.value;
    answerJson(response, 200, await listOrders(services.database, account.value, { limit, after }));
  });
}

/** One order of who asks; another account's is not found, so that nobody learns that it exists. */
export function ownOrder(services: Services): Route {
  return route(contract.readOrder, async (request, response) => {
    const account = await authenticate(services, request);
    if (!account.ok) return answerRefusal(response, account.refusal);
    const orderId = readId(request);
    const order = orderId === undefined ? undefined : await findOrder(services.database, account.value, orderId);
    if (order === undefined) return answerRefusal(response, { code: "not-found" });
    answerJson(response, 200, order);
  });
}
