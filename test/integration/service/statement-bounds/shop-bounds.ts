import { listCategories, listProducts, readProduct, searchProducts } from "../../../../service/contract/catalogue.ts";
import { requestOf } from "../../../../service/contract/client.ts";
import { readOpenapi } from "../../../../service/contract/documentation.ts";
import { cancelOrder, listOrders, placeOrder, readOrder } from "../../../../service/contract/orders.ts";
import { many, type Bounds, type World } from "./measured.ts";

/** Bounds of looking round and ordering. */
export function shopBounds(world: World): Bounds {
  return {
    // There is but one answer, so that all but the first are from the cache.
    [listCategories.id]: { most: 0, request: () => requestOf(listCategories, {}) },
    [listProducts.id]: { most: 1, request: (n) => requestOf(listProducts, { query: { limit: many + n } }) },
    [searchProducts.id]: { most: 1, request: (n) => requestOf(searchProducts, { query: { q: "a", limit: many + n } }) },
    [readProduct.id]: { most: 1, request: (n) => requestOf(readProduct, { params: { id: String(n) } }) },
    [placeOrder.id]: {
      most: 9,
      request: (n) =>
        requestOf(
          placeOrder,
          { body: { lines: manyLines(n) }, headers: { "idempotency-key": `count-${n}` } },
          world.token(),
        ),
    },
    [cancelOrder.id]: {
      most: 6,
      request: (n) => requestOf(cancelOrder, { params: { id: String(world.cancellable[n - 1]!) } }, world.token()),
    },
    [listOrders.id]: { most: 2, request: () => requestOf(listOrders, { query: { limit: many } }, world.token()) },
    [readOrder.id]: {
      most: 2,
      request: () => requestOf(readOrder, { params: { id: String(world.orderId) } }, world.token()),
    },
    [readOpenapi.id]: { most: 0, request: () => requestOf(readOpenapi, {}) },
  };
}

/** Lines of an order, of different products from `first` on. */
function manyLines(first: number): { productId: number; quantity: number }[] {
  return Array.from({ length: many }, (_, line) => ({ productId: first + line, quantity: 1 }));
}
