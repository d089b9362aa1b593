import type { ProductSummary } from "../../contract/catalogue.ts";
import { parseJson } from "../storage/parse-json.ts";
import { store, stored } from "../storage/storage.ts";

/** A product in the basket as it was when it was put there, so that the basket can be shown at once. */
export interface BasketLine extends ProductSummary {
  readonly quantity: number;
}

/** What one order takes (`contract/orders.ts`). */
export const maxLines = 50;
export const maxQuantity = 100;

const storageKey = "shop.basket";
const listeners = new Set<() => void>();

/** The basket of this browser, shared by its tabs: each looks anew, for another may have changed it. */
export const basket = {
  lines,
  count: (): number => lines().reduce((sum, { quantity }) => sum + quantity, 0),
  totalCents: (): number => totalCents(lines()),
  /** False when the basket holds as many products, or as many pieces of this one, as an order may have. */
  add({ id, name, category, priceCents }: ProductSummary, quantity: number): boolean {
    const present = lines().find((line) => line.id === id);
    const wanted = (present?.quantity ?? 0) + quantity;
    if (wanted > maxQuantity || (present === undefined && lines().length >= maxLines)) return false;
    const line = { id, name, category, priceCents, quantity: wanted };
    keep(present === undefined ? [...lines(), line] : lines().map((other) => (other.id === id ? line : other)));
    return true;
  },
  /** A quantity below 1 takes the product out. */
  setQuantity(id: number, quantity: number): void {
    keep(
      lines().flatMap((line) =>
        line.id !== id ? [line] : quantity < 1 ? [] : [{ ...line, quantity: Math.min(quantity, maxQuantity) }],
      ),
    );
  },
  /** Takes over what the shop says now, e.g. another price. */
  refresh(product: ProductSummary): void {
    keep(lines().map((line) => (line.id === product.id ? { ...line, ...summaryOf(product) } : line)));
  },
  /** Takes out what was ordered; what was added meanwhile stays. */
  takeOut(ordered: readonly BasketLine[]): void {
    const taken = new Map(ordered.map(({ id, quantity }) => [id, quantity]));
    keep(
      lines().flatMap((line) => {
        const quantity = line.quantity - (taken.get(line.id) ?? 0);
        return quantity < 1 ? [] : [{ ...line, quantity }];
      }),
    );
  },
  onChange(listener: () => void): void {
    listeners.add(listener);
  },
};

addEventListener("storage", ({ key }) => {
  if (key === null || key === storageKey) tell();
});
/** No event reaches a page while the browser keeps it for the back button. */
addEventListener("pageshow", ({ persisted }) => {
  if (persisted) tell();
});

export function totalCents(ordered: readonly BasketLine[]): number {
  return ordered.reduce((sum, { quantity, priceCents }) => sum + quantity * priceCents, 0);
}

function keep(next: readonly BasketLine[]): void {
  store("localStorage", storageKey, JSON.stringify({ lines: next }));
  tell();
}

function tell(): void {
  for (const listener of listeners) listener();
}

function summaryOf({ name, category, priceCents }: ProductSummary): Omit<ProductSummary, "id"> {
  return { name, category, priceCents };
}

function lines(): readonly BasketLine[] {
  return parseJson(stored("localStorage", storageKey), isBasket)?.lines ?? [];
}

function isBasket(value: object): value is { lines: BasketLine[] } {
  return "lines" in value && Array.isArray(value.lines);
}
