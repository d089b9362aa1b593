import type { ProductSummary } from "../../contract/catalogue.ts";
import { linkTo } from "../routing/link-to.ts";
import { productPicture } from "../picture/picture.ts";
import { html } from "./element.ts";
import { formatCents } from "./format.ts";

/** A product in a list. The link is the name; a style makes the whole card its target. */
export function productCard(product: ProductSummary): HTMLLIElement {
  return html(
    "li",
    { class: "card" },
    html("div", { class: "card-picture" }, productPicture(product)),
    html("h3", { class: "card-name" }, html("a", { href: linkTo("product", { id: product.id }) }, product.name)),
    html("p", { class: "card-price" }, formatCents(product.priceCents)),
  );
}
