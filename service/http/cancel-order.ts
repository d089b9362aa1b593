import * as contract from "../contract/orders.ts";
import { cancelOrder } from "../store/cancel-order.ts";
import { answerJson } from "./answer-json.ts";
import { authenticate } from "./authenticate.ts";
import { forgetProducts } from "./forget-products.ts";
import { answerRefusal } from "./problem.ts";
import { readId } from "./read-id.ts";
import { route, type Route } from "./route.ts";
import type { Services } from "./services.ts";

/** Cancels an order of who asks; another account's is not found. Asked again it answers the same and changes nothing. */
export function cancelOrderRoute(services: Services): Route {
  return route(contract.cancelOrder, async (request, response) => {
    const account = await authenticate(services, request);
    if (!account.ok) return answerRefusal(response, account.refusal);
    const orderId = readId(request);
    if (orderId === undefined) return answerRefusal(response, { code: "not-found" });
    const cancelled = await cancelOrder(services.database, account.value, orderId);
    if (!cancelled.ok) return answerRefusal(response, cancelled.refusal);
    const { order, replayed } = cancelled.value;
    if (!replayed) services.metrics.orderCancellations.inc();
    // Also when asked again: where the first answer was lost this was lost with it.
    await forgetProducts(services, order.lines);
    answerJson(response, 200, order);
  });
}
