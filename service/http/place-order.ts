import { createHash } from "node:crypto";
import * as contract from "../contract/orders.ts";
import { orderConfirmationMail } from "../mail/letters.ts";
import { canonicalOrder, mergeLines } from "../shop/order-rules.ts";
import { placeOrder, type PlacedOrder } from "../store/place-order.ts";
import { answerJson } from "./answer-json.ts";
import { authenticateSession } from "./authenticate.ts";
import { forgetProducts } from "./forget-products.ts";
import { answerRefusal } from "./problem.ts";
import { readInput } from "./read-input.ts";
import { route, type Route } from "./route.ts";
import type { Services } from "./services.ts";

/** Refusals of an order by what its products are now. */
const refusedByProducts: ReadonlySet<string> = new Set(["total-changed", "out-of-stock", "unknown-product"]);

/** Places an order. With an `Idempotency-Key` it may be sent again: the first answer is given again. */
export function placeOrderRoute(services: Services): Route {
  return route(contract.placeOrder, async (request, response) => {
    const session = await authenticateSession(services, request);
    if (!session.ok) return answerRefusal(response, session.refusal);
    const input = readInput(contract.placeOrder.body, request.body);
    if (!input.ok) return answerRefusal(response, input.refusal);
    const key = readInput(contract.placeOrder.headers, request.headers);
    if (!key.ok) return answerRefusal(response, key.refusal);

    const lines = mergeLines(input.value);
    const claimed = key.value["idempotency-key"];
    const requestHash = createHash("sha256").update(canonicalOrder(lines)).digest();
    const idempotency = claimed === undefined ? undefined : { key: claimed, requestHash };
    const placed = await placeOrder(services.database, {
      accountId: session.value.accountId,
      isVerified: session.value.tier !== "new",
      lines,
      expectedTotalCents: input.value.expectedTotalCents,
      idempotency,
      confirm: (transaction, email, order) =>
        services.postOffice.post(transaction, orderConfirmationMail(email, order)),
    });
    if (!placed.ok) {
      // Whoever ordered what there is not may have been shown what is no longer so.
      if (refusedByProducts.has(placed.refusal.code)) await forgetProducts(services, lines);
      return answerRefusal(response, placed.refusal);
    }

    if (placed.value.replayed) response.setHeader("Idempotency-Replayed", "true");
    else services.metrics.orders.inc();
    await afterOrder(services, placed.value);
    answerJson(response, 201, placed.value.order);
  });
}

/**
 * What follows a committed order; nothing here can undo it, so nothing here may fail its answer. Done again for a replayed one:
 * where the first answer was lost this was lost with it.
 */
async function afterOrder(services: Services, { order, confirmation }: PlacedOrder): Promise<void> {
  try {
    await forgetProducts(services, order.lines);
    await confirmation?.afterCommit();
  } catch (error) {
    services.logger.error({ err: error, orderId: order.id }, "no confirmation of an order");
  }
}
