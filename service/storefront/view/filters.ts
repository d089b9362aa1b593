import type { ProductSort } from "../../contract/catalogue.ts";
import { html } from "./element.ts";

const sorts: readonly (readonly [ProductSort, string])[] = [
  ["newest", "Newest"],
  ["name", "Name"],
  ["price", "Price, lowest first"],
  ["-price", "Price, highest first"],
];

interface Chosen {
  readonly sort: ProductSort;
  /** Dollars, as typed. */
  readonly from: string | null;
  readonly to: string | null;
}

/** The order that an address asks for; the newest first when it asks for none. */
export function sortOf(text: string | null): ProductSort {
  return sorts.find(([value]) => value === text)?.[0] ?? "newest";
}

/** Price range and order of the list: the order changes at once, the range when it is applied. */
export function filters(
  { sort, from, to }: Chosen,
  onChange: (chosen: { sort: string; from: string; to: string }) => void,
): HTMLElement {
  const select = html(
    "select",
    { id: "sort" },
    ...sorts.map(([value, label]) => html("option", { value, selected: value === sort }, label)),
  );
  const price = (label: string, value: string | null): HTMLInputElement =>
    html("input", {
      type: "number",
      min: 0,
      max: 1_000_000,
      step: "any",
      inputmode: "decimal",
      placeholder: label,
      "aria-label": `Price ${label}, in dollars`,
      value: value ?? undefined,
    });
  const [lowest, highest] = [price("from", from), price("to", to)];
  const apply = (): void => onChange({ sort: select.value, from: lowest.value, to: highest.value });
  const form = html(
    "form",
    { class: "filters", "aria-label": "Filter and sort", novalidate: true },
    html("span", { class: "filter" }, "$", lowest, "–", highest),
    html("button", { class: "filter-apply" }, "Apply"),
    html("span", { class: "filter" }, html("label", { for: "sort" }, "Sort by"), select),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    apply();
  });
  select.addEventListener("change", apply);
  return form;
}
