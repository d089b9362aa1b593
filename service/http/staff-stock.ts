import { productPath } from "../contract/cdn.ts";
import * as contract from "../contract/staff.ts";
import { changeStock, listStockChanges } from "../store/stock.ts";
import { answerJson } from "./answer-json.ts";
import { authenticateStaff } from "./authenticate-staff.ts";
import { answerRefusal } from "./problem.ts";
import { readId } from "./read-id.ts";
import { readInput } from "./read-input.ts";
import { route, type Route } from "./route.ts";
import type { Services } from "./services.ts";

/** Sets or adjusts a stock; the change stands in the product's history. */
export function staffStock(services: Services): Route {
  return route(contract.changeStock, async (request, response) => {
    const staff = await authenticateStaff(services, request);
    if (!staff.ok) return answerRefusal(response, staff.refusal);
    const input = readInput(contract.changeStock.body, request.body);
    if (!input.ok) return answerRefusal(response, input.refusal);
    const id = readId(request);
    if (id === undefined) return answerRefusal(response, { code: "not-found" });
    const changed = await changeStock(services.database, id, staff.value, input.value);
    if (!changed.ok) return answerRefusal(response, changed.refusal);
    await services.cache.forget("product", [String(id)]);
    await services.cdn.purge([productPath(id)]);
    answerJson(response, 200, changed.value);
  });
}

/** Who changed a stock by hand, when, by how much and why. */
export function stockChanges(services: Services): Route {
  return route(contract.listStockChanges, async (request, response) => {
    const staff = await authenticateStaff(services, request);
    if (!staff.ok) return answerRefusal(response, staff.refusal);
    const input = readInput(contract.listStockChanges.query, request.query);
    if (!input.ok) return answerRefusal(response, input.refusal);
    const id = readId(request);
    if (id === undefined) return answerRefusal(response, { code: "not-found" });
    const { limit, after } = input.value;
    answerJson(response, 200, await listStockChanges(services.database, id, { limit, after }));
  });
}
