import { linkTo } from "../routing/link-to.ts";
import type { Page, Visit } from "../routing/page.ts";
import { need } from "../shop-api/ask.ts";
import { readOrder } from "../shop-api/endpoints.ts";
import { titleOf } from "../view/document-title.ts";
import { html } from "../view/element.ts";
import { formatMoment } from "../view/format.ts";
import { notice } from "../view/notice.ts";
import { orderLines } from "../view/order-lines.ts";

/** One of the customer's orders; right after it was placed with thanks. */
export async function order(visit: Visit): Promise<Page> {
  const found = await need(readOrder, { params: { id: visit.params["id"] ?? "" } });
  const isNew = visit.query.has("placed");
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
      orderLines(lines, found.totalCents),
    ],
  };
}
