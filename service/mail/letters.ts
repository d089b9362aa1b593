import type { Order } from "../contract/orders.ts";
import type { Mail } from "./mail.ts";

/** Confirmation of an order. */
export function orderConfirmationMail(to: string, order: Order): Mail {
  const lines = order.lines.map(
    (line) => `  ${line.quantity} x ${line.name}: ${money(line.priceCents * line.quantity)}`,
  );
  return {
    kind: "order-confirmation",
    event: `order:${order.id}`,
    to,
    subject: `Your order ${order.id}`,
    text: `Thank you for your order ${order.id}:\n\n${lines.join("\n")}\n\nTotal: ${money(order.totalCents)}\n`,
  };
}

function money(cents: number): string {
  return `$${(cents / 100).toFixed(2)}`;
}
