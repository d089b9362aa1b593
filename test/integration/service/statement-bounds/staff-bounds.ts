import { requestOf } from "../../../../service/contract/client.ts";
import {
  changeProduct,
  changeStock,
  createProduct,
  listStockChanges,
  readStaffProduct,
} from "../../../../service/contract/staff.ts";
import { many, userOfStaff, type Bounds, type World } from "./measured.ts";

/** Bounds of what staff do; they are not the one who shops, whose requests are limited. */
export function staffBounds(world: World): Bounds {
  const product = { params: { id: "1" } };
  return {
    [createProduct.id]: {
      most: 3,
      request: (n) =>
        requestOf(
          createProduct,
          { body: { name: `Thing ${n}`, category: "home", description: "It is there.", priceCents: 100 } },
          world.token(userOfStaff),
        ),
    },
    [readStaffProduct.id]: { most: 3, request: () => requestOf(readStaffProduct, product, world.token(userOfStaff)) },
    [changeProduct.id]: {
      most: 3,
      request: (n) => requestOf(changeProduct, { ...product, body: { priceCents: 100 + n } }, world.token(userOfStaff)),
    },
    [changeStock.id]: {
      most: 3,
      request: () =>
        requestOf(changeStock, { ...product, body: { change: 1, reason: "delivery" } }, world.token(userOfStaff)),
    },
    [listStockChanges.id]: {
      most: 3,
      request: () => requestOf(listStockChanges, { ...product, query: { limit: many } }, world.token(userOfStaff)),
    },
  };
}
