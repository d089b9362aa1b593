import { basket, maxQuantity, type BasketLine } from "../basket/basket.ts";
import { checkBasket, checkLine, type LineRemark } from "../basket/check-line.ts";
import { productPicture } from "../picture/picture.ts";
import { linkTo } from "../routing/link-to.ts";
import type { Page } from "../routing/page.ts";
import { announce } from "../view/announce.ts";
import { titleOf } from "../view/document-title.ts";
import { html } from "../view/element.ts";
import { emptyState } from "../view/empty-state.ts";
import { focusHeading } from "../view/focus-heading.ts";
import { countOf, formatCents } from "../view/format.ts";
import { icon } from "../view/icon.ts";
import { quantity } from "../view/quantity.ts";

/** What is in the basket: at once as it was put there, then as the shop says it is now. */
export async function basketPage(): Promise<Page> {
  const title = titleOf("Basket");
  if (basket.lines().length === 0) return { title, content: [emptyBasket()] };
  const remarks = await checkBasket();
  const content = html("div", { class: "split" });
  const show = (): void => content.replaceChildren(...(basket.lines().length === 0 ? [emptyBasket()] : parts()));
  const parts = (): HTMLElement[] => [linesOf(remarks, show), summary()];
  show();
  return { title, content: [content] };
}

function emptyBasket(): HTMLElement {
  return emptyState("Your basket is empty", "What you put into it stays here, in this browser.", "h1");
}

function linesOf(remarks: Map<number, LineRemark>, show: () => void): HTMLElement {
  return html(
    "section",
    {},
    html("h1", {}, "Basket"),
    html("ul", { class: "lines" }, ...basket.lines().map((line) => lineRow(line, remarks, show))),
  );
}

function lineRow(line: BasketLine, remarks: Map<number, LineRemark>, show: () => void): HTMLLIElement {
  const { id, name } = line;
  const sum = html("p", { class: "line-sum" }, formatCents(line.priceCents * line.quantity));
  const remark = html("p", { class: "line-remark", role: "status" }, remarks.get(id)?.text);
  const change = async (next: number): Promise<void> => {
    basket.setQuantity(id, next);
    sum.textContent = formatCents(line.priceCents * next);
    row.closest(".split")?.querySelector(".summary")?.replaceWith(summary());
    announce(`${countOf(next, "piece")} of ${name}, total ${formatCents(basket.totalCents())}`);
    const changed = basket.lines().find((other) => other.id === id);
    remark.textContent = (changed && (await checkLine(changed))?.text) ?? "";
  };
  const remove = (): void => {
    basket.setQuantity(id, 0);
    remarks.delete(id);
    show();
    announce(`${name} was taken out of the basket`);
    focusHeading(document);
  };
  const row = html(
    "li",
    { class: "line" },
    html("div", { class: "line-picture" }, productPicture(line)),
    html(
      "div",
      { class: "line-text" },
      html("h2", {}, html("a", { href: linkTo("product", { id }) }, name)),
      html("p", { class: "line-price" }, `${formatCents(line.priceCents)} each`),
      remark,
    ),
    quantity({ of: name, value: line.quantity, max: maxQuantity, onChange: (next) => void change(next) }),
    sum,
    html(
      "button",
      { type: "button", class: "icon-button", "aria-label": `Remove ${name}`, onclick: remove },
      icon("remove"),
    ),
  );
  return row;
}

function summary(): HTMLElement {
  return html(
    "section",
    { class: "summary", "aria-label": "Summary" },
    html(
      "dl",
      {},
      html("dt", {}, countOf(basket.count(), "item")),
      html("dd", {}, formatCents(basket.totalCents())),
      html("dt", { class: "summary-total" }, "Total"),
      html("dd", { class: "summary-total" }, formatCents(basket.totalCents())),
    ),
    html("a", { class: "button button-wide", href: linkTo("checkout") }, "Go to checkout"),
  );
}
