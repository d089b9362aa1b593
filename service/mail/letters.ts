import type { Order } from "../contract/orders.ts";
import type { Mail } from "./mail.ts";

/** Welcome to a new account. */
export function registrationMail(to: string): Mail {
  return {
    kind: "registration",
    to,
    subject: "Your account at the shop",
    text: "Welcome! Your account is ready: sign in with this address and the password that you chose.\n",
  };
}

/** To the owner of an account when someone tried to register its address again. */
export function alreadyRegisteredMail(to: string): Mail {
  return {
    kind: "security-alert",
    to,
    subject: "You already have an account at the shop",
    text: "Someone tried to register this address, but it has an account already. If it was you, just sign in.\n",
  };
}

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
