import { linkTo } from "../routing/link-to.ts";
import { html } from "./element.ts";
import { formatCents } from "./format.ts";

interface Line {
  readonly id: number;
  readonly name: string;
  readonly quantity: number;
  readonly priceCents: number;
}

/** What is ordered, as a table with its total. */
export function orderLines(lines: readonly Line[], totalCents: number): HTMLTableElement {
  return html(
    "table",
    { class: "order-lines" },
    html(
      "thead",
      {},
      html(
        "tr",
        {},
        html("th", { scope: "col" }, "Product"),
        html("th", { scope: "col", class: "number" }, "Quantity"),
        html("th", { scope: "col", class: "number" }, "Price"),
      ),
    ),
    html("tbody", {}, ...lines.map((line) => lineRow(line))),
    html(
      "tfoot",
      {},
      html(
        "tr",
        {},
        html("th", { scope: "row", colspan: 2 }, "Total"),
        html("td", { class: "number" }, formatCents(totalCents)),
      ),
    ),
  );
}

function lineRow({ id, name, quantity, priceCents }: Line): HTMLTableRowElement {
  return html(
    "tr",
    {},
    html("th", { scope: "row" }, html("a", { href: linkTo("product", { id }) }, name)),
    html("td", { class: "number" }, quantity),
    html("td", { class: "number" }, formatCents(priceCents * quantity)),
  );
}
