import type { RequestHandler } from "express";
import { z } from "zod";
import { findOrder, listOrders } from "../store/orders.ts";
import { authenticate } from "./authenticate.ts";
import { answerRefusal } from "./problem.ts";
import { readId } from "./read-id.ts";
import { readInput } from "./read-input.ts";
import type { Services } from "./services.ts";

const page = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  after: z.coerce.number().int().min(1).optional(),
});

/** The orders of who asks, newest first. */
export function ownOrders(services: Services): RequestHandler {
  return async (request, response) => {
    const account = await authenticate(services, request);
    if (!account.ok) return answerRefusal(response, account.refusal);
    const input = readInput(page, request.query);
    if (!input.ok) return answerRefusal(response, input.refusal);
    const { limit, after } = input.value;
    response.json(await listOrders(services.database, account.value, { limit, after }));
  };
}

/** One order of who asks; another account's is not found, so that nobody learns that it exists. */
export function ownOrder(services: Services): RequestHandler {
  return async (request, response) => {
    const account = await authenticate(services, request);
    if (!account.ok) return answerRefusal(response, account.refusal);
    const orderId = readId(request);
    const order = orderId === undefined ? undefined : await findOrder(services.database, account.value, orderId);
    if (order === undefined) return answerRefusal(response, { code: "not-found" });
    response.json(order);
  };
}
