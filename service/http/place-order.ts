import { createHash } from "node:crypto";
import type { RequestHandler } from "express";
import { z } from "zod";
import { orderConfirmationMail } from "../mail/letters.ts";
import { canonicalOrder, mergeLines } from "../shop/order-rules.ts";
import { findEmail } from "../store/accounts.ts";
import { placeOrder } from "../store/place-order.ts";
import type { Order } from "../contract/api.ts";
import { authenticate } from "./authenticate.ts";
import { answerRefusal } from "./problem.ts";
import { readInput } from "./read-input.ts";
import type { Services } from "./services.ts";

const id = z.int().min(1);
const order = z.object({
  lines: z
    .array(z.object({ productId: id, quantity: z.int().min(1).max(100) }))
    .min(1)
    .max(50),
});
const idempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/, "must be 1 to 255 printable characters")
  .optional();

/** Places an order. With an `Idempotency-Key` it may be sent again: the first answer is given again. */
export function placeOrderRoute(services: Services): RequestHandler {
  return async (request, response) => {
    const account = await authenticate(services, request);
    if (!account.ok) return answerRefusal(response, account.refusal);
    const input = readInput(order, request.body);
    if (!input.ok) return answerRefusal(response, input.refusal);
    const key = readInput(z.object({ "idempotency-key": idempotencyKey }), request.headers);
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
  };
}

/** What follows a committed order; nothing here can undo it, so nothing here may fail its answer. */
async function afterOrder(services: Services, accountId: number, placed: Order): Promise<void> {
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
