import { linkTo } from "../routing/link-to.ts";
import type { Page, Visit } from "../routing/page.ts";
import { need } from "../shop-api/ask.ts";
import { searchProducts } from "../shop-api/endpoints.ts";
import { titleOf } from "../view/document-title.ts";
import { html } from "../view/element.ts";
import { emptyState } from "../view/empty-state.ts";
import { countOf } from "../view/format.ts";
import { productCard } from "../view/product-card.ts";

/** More than this many finds are one word too few. */
const limit = 100;
const aWord = /[\p{L}\p{N}]/u;

/** What a search finds. */
export async function search(visit: Visit): Promise<Page> {
  const q = (visit.query.get("q") ?? "").trim().slice(0, 80);
  if (!aWord.test(q)) {
    return {
      title: titleOf("Search"),
      content: [emptyState("What are you looking for?", "Type a word of its name into the search field above.", "h1")],
    };
  }
  const { items } = await need(searchProducts, { query: { q, limit } });
  const title = titleOf(`Search for “${q}”`);
  if (items.length === 0) {
    return {
      title,
      content: [emptyState(`Nothing found for “${q}”`, "Try fewer words, or look through the categories.", "h1")],
    };
  }
  const count = items.length === limit ? `the first ${limit} products` : countOf(items.length, "product");
  return {
    title,
    keep: true,
    content: [
      html(
        "nav",
        { class: "trail", "aria-label": "Where you are" },
        html("a", { href: linkTo("home") }, "All products"),
      ),
      html("h1", {}, `“${q}”`),
      html("p", { class: "subtitle" }, `Found ${count}.`),
      html("h2", { class: "hidden" }, "Products"),
      html("ul", { class: "grid" }, ...items.map((item) => productCard(item))),
    ],
  };
}
