import { describe, expect, it } from "vitest";
import { decodeCursor, encodeCursor } from "../../../service/shop/product-cursor.ts";
import { searchWords } from "../../../service/shop/search-words.ts";

const product = { id: 7, name: "Amber Oak Bowl", category: "kitchen", priceCents: 1_999 };

const text = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

describe("a page's cursor", () => {
  it("continues after the product that it was made from", () => {
    expect(decodeCursor("name", encodeCursor("name", product))).toEqual({ key: "Amber Oak Bowl", id: 7 });
    expect(decodeCursor("-price", encodeCursor("-price", product))).toEqual({ key: 1_999, id: 7 });
    expect(decodeCursor("newest", encodeCursor("newest", product))).toEqual({ key: 7, id: 7 });
  });

  it("is refused in another order, and when it was tampered with", () => {
    expect(decodeCursor("price", encodeCursor("-price", product))).toBeUndefined();
    expect(decodeCursor("name", "not a cursor")).toBeUndefined();
    expect(decodeCursor("name", text(["name", 5, 7]))).toBeUndefined();
    expect(decodeCursor("price", text(["price", "1; drop", 7]))).toBeUndefined();
    expect(decodeCursor("price", text(["price", 5, 7.5]))).toBeUndefined();
    expect(decodeCursor("price", text(["price", 2 ** 31, 7]))).toBeUndefined();
    expect(decodeCursor("name", text(["name", "a\0b", 7]))).toBeUndefined();
    expect(decodeCursor("price", text({}))).toBeUndefined();
  });
});

it("words of a search lose case, order of spaces and everything that a query language could read", () => {
  expect(searchWords("  Amber&  !MUG:* ")).toEqual(["amber", "mug"]);
  expect(searchWords("Größe 42")).toEqual(["größe", "42"]);
  expect(searchWords("&|!")).toEqual([]);
});
