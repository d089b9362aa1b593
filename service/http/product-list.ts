import type { RequestHandler } from "express";
import { z } from "zod";
import { decodeCursor, productSorts } from "../shop/product-cursor.ts";
import { listProducts } from "../store/products.ts";
import { answerJsonText } from "./answer-json.ts";
import { answerRefusal } from "./problem.ts";
import { readInput } from "./read-input.ts";
import type { Services } from "./services.ts";

const listing = z.object({
  category: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/)
    .optional(),
  sort: z.enum(productSorts).default("name"),
  limit: z.coerce.number().int().min(1).max(100).default(20),
  after: z.string().max(400).optional(),
});

/** One page of the catalogue; without stock, so that orders do not make it out of date. */
export function productList(services: Services): RequestHandler {
  return async (request, response) => {
    const input = readInput(listing, request.query);
    if (!input.ok) return answerRefusal(response, input.refusal);
    const { category, sort, limit, after } = input.value;
    const cursor = after === undefined ? undefined : decodeCursor(sort, after);
    if (after !== undefined && cursor === undefined) {
      const errors = [{ field: "after", message: "is not the end of a page in this order" }];
      return answerRefusal(response, { code: "invalid-input", errors });
    }
    const key = JSON.stringify([category, sort, limit, cursor]);
    const page = await services.cache.read("product-list", key, async () =>
      JSON.stringify(await listProducts(services.database, { category, sort, limit, after: cursor })),
    );
    answerJsonText(response, page);
  };
}
