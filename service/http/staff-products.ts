import { cataloguePaths } from "../contract/cdn.ts";
import * as contract from "../contract/staff.ts";
import { findStaffProduct, insertProduct, updateProduct } from "../store/staff-products.ts";
import { answerJson } from "./answer-json.ts";
import { authenticateStaff } from "./authenticate-staff.ts";
import { answerRefusal } from "./problem.ts";
import { readId } from "./read-id.ts";
import { readInput } from "./read-input.ts";
import { route, type Route } from "./route.ts";
import type { Services } from "./services.ts";

/** Adds a product; lists and searches show it at once. */
export function createProduct(services: Services): Route {
  return route(contract.createProduct, async (request, response) => {
    const staff = await authenticateStaff(services, request);
    if (!staff.ok) return answerRefusal(response, staff.refusal);
    const input = readInput(contract.createProduct.body, request.body);
    if (!input.ok) return answerRefusal(response, input.refusal);
    const created = await insertProduct(services.database, staff.value, input.value);
    if (!created.ok) return answerRefusal(response, created.refusal);
    await forgetLists(services);
    answerJson(response, 201, created.value);
  });
}

/** A product as it is in the database now. */
export function staffProduct(services: Services): Route {
  return route(contract.readStaffProduct, async (request, response) => {
    const staff = await authenticateStaff(services, request);
    if (!staff.ok) return answerRefusal(response, staff.refusal);
    const id = readId(request);
    const product = id === undefined ? undefined : await findStaffProduct(services.database, id);
    if (product === undefined) return answerRefusal(response, { code: "not-found" });
    answerJson(response, 200, product);
  });
}

/** Changes or retires a product; every cached answer that may show it is forgotten. */
export function changeProduct(services: Services): Route {
  return route(contract.changeProduct, async (request, response) => {
    const staff = await authenticateStaff(services, request);
    if (!staff.ok) return answerRefusal(response, staff.refusal);
    const input = readInput(contract.changeProduct.body, request.body);
    if (!input.ok) return answerRefusal(response, input.refusal);
    const id = readId(request);
    if (id === undefined) return answerRefusal(response, { code: "not-found" });
    const changed = await updateProduct(services.database, id, input.value);
    if (!changed.ok) return answerRefusal(response, changed.refusal);
    await services.cache.forget("product", [String(id)]);
    await forgetLists(services);
    answerJson(response, 200, changed.value);
  });
}

/** No list and no search is as it was; the CDN forgets with them what it holds of products. */
async function forgetLists({ cache, cdn }: Services): Promise<void> {
  await Promise.all([cache.forgetAll("product-list"), cache.forgetAll("search")]);
  await cdn.purge(cataloguePaths);
}
