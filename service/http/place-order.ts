import { createHash } from "node:crypto";
import * as contract from "../contract/orders.ts";
import { orderConfirmationMail } from "../mail/letters.ts";
import { canonicalOrder, mergeLines } from "../shop/order-rules.ts";
import { findEmail } from "../store/accounts.ts";
import { placeOrder } from "../store/place-order.ts";
import { authenticate } from "./authenticate.ts";
import { answerRefusal } from "./problem.ts";
import { readInput } from "./read-input.ts";
import { route, type Route } from "./route.ts";
import type { Services } from "./services.ts";

/** Places an order. With an `Idempotency-Key` it may be sent again: the first answer is given again. */
export function placeOrderRoute(services: Services): Route {
  return route(contract.placeOrder, async (request, response) => {
    const account = await authenticate(services, request);
    if (!account.ok) return answerRefusal(response, account.refusal);
    const input = readInput(contract.placeOrder.body, request.body);
    if (!input.ok) return answerRefusal(response, input.refusal);
    const key = readInput(contract.placeOrder.headers, request.headers);
    if (!key.ok) return answerRefusal(response, key.refusal);

    const lines = mergeLines(input.value);
    const claimed = key.value["idempotency-key"];
    const requestHash = createHash("sha256").update(canonicalOrder(lines)).digest();
    const idempotency = claimed === undefined ? undefined : { key: claimed, requestHash };
    const placed = await placeOrder(services.database, { accountId: account.value, lines, idempotency });
    if (!placed.ok) return answerRefusal(response, placed.refusal);

    if (placed.value.replayed) response.set("Idempotency-Replayed", "true");
    else await afterOrder(services, account.value, placed.value.order);
    response.status(201).json(placed.value.order);
  });
}

/** What follows a committed order; nothing here can undo it, so nothing here may fail its answer. */
async function afterOrder(services: Services, accountId: number, placed: contract.Order): Promise<void> {
  services.metrics.orders.inc();
  try {
    const [email] = await Promise.all([
      findEmail(services.database, accountId),
      services.cache.forget(
        "product",
        placed.lines.map((line) => String(line.productId)),
      ),
    ]);
    if (email !== undefined) await services.postOffice.send(orderConfirmationMail(email, placed));
  } catch (error) {
    services.logger.error({ err: error, orderId: placed.id }, "no confirmation of an order");
  }
}
