import type { Order } from "../../contract/orders.ts";
import { forgetOrderKeyOf } from "../basket/order-key.ts";
import { linkTo } from "../routing/link-to.ts";
import type { Page, Visit } from "../routing/page.ts";
import { ask, need } from "../shop-api/ask.ts";
import { cancelOrder, readOrder } from "../shop-api/endpoints.ts";
import { shopNow } from "../shop-api/shop-clock.ts";
import { titleOf } from "../view/document-title.ts";
import { html } from "../view/element.ts";
import { formatMoment } from "../view/format.ts";
import { notice, troubleNotice } from "../view/notice.ts";
import { orderLines } from "../view/order-lines.ts";

/** One of the customer's orders; right after it was placed with thanks. */
export async function order(visit: Visit): Promise<Page> {
  const found = await need(readOrder, { params: { id: visit.params["id"] ?? "" } });
  const isNew = visit.query.has("placed") && found.status === "placed";
  const lines = found.lines.map(({ productId, ...line }) => ({ id: productId, ...line }));
  return {
    title: titleOf(`Order ${found.id}`),
    content: [
      html("nav", { class: "trail", "aria-label": "Where you are" }, html("a", { href: linkTo("orders") }, "Orders")),
      html("h1", {}, isNew ? "Thank you for your order" : `Order ${found.id}`),
      isNew && notice("good", `Order ${found.id} is placed. A confirmation is on its way to you by mail.`),
      html(
        "p",
        { class: "subtitle" },
        "Placed on ",
        html("time", { datetime: found.createdAt }, formatMoment(found.createdAt)),
        ".",
      ),
      found.status === "cancelled" && notice("info", "This order was cancelled."),
      orderLines(lines, found.totalCents),
      canBeCancelled(found) && cancelling(found, visit),
    ],
  };
}

function canBeCancelled({ status, cancellableUntil }: Order): boolean {
  return status === "placed" && cancellableUntil !== null && Date.parse(cancellableUntil) > shopNow();
}

/** Asks before it does what cannot be undone. */
function cancelling({ id, lines, cancellableUntil }: Order, visit: Visit): HTMLElement {
  const part = html("section", { class: "panel", "aria-live": "polite" });
  const button = (label: string, onclick: () => void): HTMLButtonElement =>
    html("button", { type: "button", class: "button button-quiet", onclick }, label);
  const offer = (): void =>
    part.replaceChildren(
      html("p", { class: "quiet" }, `You can cancel it until ${formatMoment(cancellableUntil ?? "")}.`),
      button("Cancel this order", confirm),
    );
  const confirm = (): void => {
    const yes = button("Yes, cancel it", () => void cancel());
    part.replaceChildren(html("p", {}, `Cancel order ${id}?`), yes, button("No, keep it", offer));
    yes.focus();
  };
  const cancel = async (): Promise<void> => {
    const reply = await ask(cancelOrder, { params: { id: String(id) } });
    if (!reply.ok) return part.replaceChildren(troubleNotice(reply.trouble));
    // Had its answer been lost, the basket would still be sent as this order, and never be ordered again.
    forgetOrderKeyOf(lines.map(({ productId, quantity }) => ({ id: productId, quantity })));
    visit.go(linkTo("order", { id }), { replace: true });
  };
  offer();
  return part;
}
