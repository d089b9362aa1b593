import { describe, expect, it } from "vitest";
import { canonicalOrder, mergeLines } from "../../../service/shop/order-rules.ts";

describe("the lines of an order", () => {
  const request = {
    lines: [
      { productId: 9, quantity: 1 },
      { productId: 2, quantity: 3 },
      { productId: 9, quantity: 4 },
    ],
  };

  it("are one a product, in the order of product ids", () => {
    expect(mergeLines(request)).toEqual([
      { productId: 2, quantity: 3 },
      { productId: 9, quantity: 5 },
    ]);
  });

  it("are the same order however they are written", () => {
    const other = {
      lines: [
        { productId: 2, quantity: 3 },
        { productId: 9, quantity: 5 },
      ],
    };
    expect(canonicalOrder(mergeLines(request))).toBe("2x3,9x5");
    expect(canonicalOrder(mergeLines(other))).toBe("2x3,9x5");
  });
});
