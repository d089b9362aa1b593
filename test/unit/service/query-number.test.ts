import { expect, it } from "vitest";
import { listProducts } from "../../../service/contract/catalogue.ts";

const { query } = listProducts;

it("is a whole number in digits", () => {
  expect(query.parse({ minCents: "0", maxCents: "700", limit: "5" })).toMatchObject({
    minCents: 0,
    maxCents: 700,
    limit: 5,
  });
  expect(query.parse({})).toMatchObject({ limit: 20 });
});

it("is not there in no text, a space, another notation or too many digits", () => {
  for (const maxCents of ["", " ", "0x10", "1e3", "1.0", "-1", "9".repeat(17)])
    expect(query.safeParse({ maxCents }).success, maxCents).toBe(false);
});
