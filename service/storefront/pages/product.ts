import type { ProductDetail } from "../../contract/catalogue.ts";
import { basket, maxQuantity } from "../basket/basket.ts";
import { productPicture } from "../picture/picture.ts";
import { linkTo } from "../routing/link-to.ts";
import type { Page, Visit } from "../routing/page.ts";
import { ask, need } from "../shop-api/ask.ts";
import { listProducts, readProduct } from "../shop-api/endpoints.ts";
import { titleOf } from "../view/document-title.ts";
import { html } from "../view/element.ts";
import { formatCents, titleOfSlug } from "../view/format.ts";
import { notice } from "../view/notice.ts";
import { productCard } from "../view/product-card.ts";
import { quantity } from "../view/quantity.ts";

/** From here on the stock is told as a number. */
const fewLeft = 10;
const alikeCount = 4;

/** One product. */
export async function product(visit: Visit): Promise<Page> {
  const found = await need(readProduct, { params: { id: visit.params["id"] ?? "" } });
  const alike = html("section", { class: "alike", hidden: true });
  void fillAlike(alike, found);
  const categoryName = titleOfSlug(found.category);
  return {
    title: titleOf(found.name),
    content: [
      html(
        "nav",
        { class: "trail", "aria-label": "Where you are" },
        html("a", { href: linkTo("home") }, "All products"),
        html("a", { href: linkTo("home", { category: found.category }) }, categoryName),
      ),
      html(
        "article",
        { class: "product" },
        html("div", { class: "product-picture" }, productPicture(found)),
        html(
          "div",
          { class: "product-text" },
          html("h1", {}, found.name),
          html("p", { class: "product-price" }, formatCents(found.priceCents)),
          html("p", { class: "product-description" }, found.description),
          stockLine(found.stock),
          found.stock > 0 && buyForm(found),
        ),
      ),
      alike,
    ],
  };
}

function stockLine(stock: number): HTMLElement {
  if (stock === 0) return html("p", { class: "stock stock-none" }, "Out of stock. Come back later.");
  if (stock <= fewLeft) return html("p", { class: "stock stock-few" }, `Only ${stock} left.`);
  return html("p", { class: "stock stock-good" }, "In stock.");
}

function buyForm(product: ProductDetail): HTMLElement {
  let wanted = 1;
  const answer = html("div", { class: "buy-answer", "aria-live": "polite" });
  const form = html(
    "form",
    { class: "buy" },
    quantity({
      of: product.name,
      value: 1,
      max: Math.min(product.stock, maxQuantity),
      onChange: (next) => (wanted = next),
    }),
    html("button", { type: "submit", class: "button" }, "Add to basket"),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const added = basket.add(product, wanted);
    const link = html("a", { href: linkTo("basket") }, "View basket");
    answer.replaceChildren(
      added
        ? notice("good", "Added to your basket. ", link)
        : notice("bad", "Your basket takes no more of this. ", link),
    );
    answer.scrollIntoView({ block: "nearest" });
  });
  return html("div", {}, form, answer);
}

/** Others of its category; without an answer the page is complete too. */
async function fillAlike(section: HTMLElement, { id, category }: ProductDetail): Promise<void> {
  const reply = await ask(listProducts, { query: { category, sort: "newest", limit: alikeCount + 1 } });
  if (!reply.ok) return;
  const others = reply.body.items.filter((item) => item.id !== id).slice(0, alikeCount);
  if (others.length === 0) return;
  section.append(
    html("h2", {}, `More from ${titleOfSlug(category)}`),
    html("ul", { class: "grid grid-row" }, ...others.map((item) => productCard(item))),
  );
  section.hidden = false;
}
