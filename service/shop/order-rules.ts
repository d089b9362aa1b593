import { cancellableMinutes, type OrderRequest, type OrderStatus } from "../contract/orders.ts";

export interface WantedLine {
  readonly productId: number;
  readonly quantity: number;
}

/**
 * Lines with one entry a product, ordered by product id: every order takes its locks in the same order, so that two
 * orders cannot wait for each other.
 */
export function mergeLines(request: OrderRequest): readonly WantedLine[] {
  const quantities = new Map<number, number>();
  for (const { productId, quantity } of request.lines) {
    quantities.set(productId, (quantities.get(productId) ?? 0) + quantity);
  }
  return [...quantities]
    .map(([productId, quantity]) => ({ productId, quantity }))
    .toSorted((a, b) => a.productId - b.productId);
}

/** Until when an order can be cancelled, as ISO 8601; null when it was. */
export function cancellableUntil(createdAt: Date, status: OrderStatus): string | null {
  return status === "cancelled" ? null : new Date(createdAt.getTime() + cancellableMinutes * 60_000).toISOString();
}

/** Text that is equal for two requests exactly when they ask for the same; an idempotency key is bound to it. */
export function canonicalOrder(lines: readonly WantedLine[]): string {
  return lines.map(({ productId, quantity }) => `${productId}x${quantity}`).join(",");
}
