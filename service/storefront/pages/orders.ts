import type { OrderSummary } from "../../contract/orders.ts";
import { linkTo } from "../routing/link-to.ts";
import type { Page } from "../routing/page.ts";
import { ask, need } from "../shop-api/ask.ts";
import { listOrders } from "../shop-api/endpoints.ts";
import { titleOf } from "../view/document-title.ts";
import { html } from "../view/element.ts";
import { emptyState } from "../view/empty-state.ts";
import { formatCents, formatDay } from "../view/format.ts";
import { pagedList } from "../view/paged-list.ts";

/** The customer's orders, newest first. */
export async function orders(): Promise<Page> {
  const first = await need(listOrders, { query: {} });
  const title = titleOf("Orders");
  if (first.items.length === 0) {
    return { title, content: [emptyState("No orders yet", "Your orders will stand here.", "h1")] };
  }
  const list = pagedList({
    className: "rows",
    noun: "order",
    first,
    show: orderRow,
    more: (after) => ask(listOrders, { query: { after } }),
  });
  return { title, content: [html("h1", {}, "Orders"), list] };
}

function orderRow({ id, createdAt, totalCents, status }: OrderSummary): HTMLLIElement {
  return html(
    "li",
    { class: "row" },
    html(
      "div",
      { class: "row-text" },
      html("h2", {}, html("a", { href: linkTo("order", { id }) }, `Order ${id}`)),
      html(
        "p",
        { class: "quiet" },
        html("time", { datetime: createdAt }, formatDay(createdAt)),
        status === "cancelled" && ", cancelled",
      ),
    ),
    html("p", { class: "row-sum" }, formatCents(totalCents)),
  );
}
