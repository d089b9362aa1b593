import { categoryPicture, productPicture } from "../picture/picture.ts";
import { linkTo } from "../routing/link-to.ts";
import type { Page, Visit } from "../routing/page.ts";
import { ask, need } from "../shop-api/ask.ts";
import { loadCategories, type Category } from "../shop-api/categories.ts";
import { filters, sortOf } from "../view/filters.ts";
import { listProducts } from "../shop-api/endpoints.ts";
import { titleOf } from "../view/document-title.ts";
import { html } from "../view/element.ts";
import { titleOfSlug } from "../view/format.ts";
import { emptyState } from "../view/empty-state.ts";
import { pagedList } from "../view/paged-list.ts";
import { productCard } from "../view/product-card.ts";

const pageSize = 24;

/** The catalogue: all of it, or one category. */
export async function home(visit: Visit): Promise<Page> {
  const category = visit.query.get("category") ?? undefined;
  const sort = sortOf(visit.query.get("sort"));
  const [minCents, maxCents] = [centsOf(visit.query.get("from")), centsOf(visit.query.get("to"))];
  const query = { category, sort, minCents, maxCents, limit: pageSize };
  const [categories, first] = await Promise.all([loadCategories(), need(listProducts, { query })]);
  const name = category && (categories.find(({ slug }) => slug === category)?.name ?? titleOfSlug(category));
  const isFront = name === undefined && minCents === undefined && maxCents === undefined;
  const products =
    first.items.length === 0
      ? emptyState("Nothing here yet", "There are no products in this category and price range.")
      : pagedList({
          className: "grid",
          noun: "product",
          first,
          show: productCard,
          more: (after) => ask(listProducts, { query: { ...query, after } }),
        });
  const toolbar = html(
    "div",
    { class: "toolbar" },
    isFront ? html("h2", {}, "All products") : html("h1", {}, name ?? "All products"),
    filters({ sort, from: visit.query.get("from"), to: visit.query.get("to") }, (chosen) =>
      visit.go(linkTo("home", { category, ...chosen })),
    ),
  );
  const listHeading = !isFront && html("h2", { class: "hidden" }, "Products");
  return {
    title: titleOf(name),
    keep: true,
    content: [isFront && hero(), categoryNav(categories, category), toolbar, listHeading, products],
  };
}

function hero(): HTMLElement {
  const things = ["Copper Kettle", "Emerald Vase", "Amber Lamp"];
  return html(
    "section",
    { class: "hero" },
    html(
      "div",
      { class: "hero-text" },
      html("h1", {}, "Good things for every day"),
      html("p", {}, "Well made, fairly priced, and here when you need them."),
      html("a", { class: "button", href: linkTo("home", { category: "home" }) }, "Start at home"),
    ),
    html(
      "div",
      { class: "hero-pictures" },
      ...things.map((name) => html("div", { class: "hero-picture" }, productPicture({ name, category: "home" }))),
    ),
  );
}

function categoryNav(categories: readonly Category[], current: string | undefined): HTMLElement {
  const entry = ({ slug, name }: Category): HTMLLIElement =>
    html(
      "li",
      {},
      html(
        "a",
        { href: linkTo("home", { category: slug }), "aria-current": slug === current && "page" },
        categoryPicture(slug),
        html("span", {}, name),
      ),
    );
  return html("nav", { class: "categories", "aria-label": "Categories" }, html("ul", {}, ...categories.map(entry)));
}

/** Dollars as typed into an address; undefined when it is no amount. */
function centsOf(dollars: string | null): number | undefined {
  const cents = Math.round(Number(dollars ?? "") * 100);
  return dollars === null || dollars === "" || !(cents >= 0 && cents <= 100_000_000) ? undefined : cents;
}
