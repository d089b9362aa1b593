import type { RequestHandler } from "express";
import { z } from "zod";
import { searchWords } from "../shop/search-words.ts";
import { searchProducts } from "../store/products.ts";
import { answerJsonText } from "./answer-json.ts";
import { answerRefusal } from "./problem.ts";
import { readInput } from "./read-input.ts";
import type { Services } from "./services.ts";

const search = z.object({
  q: z
    .string()
    .max(80)
    .transform(searchWords)
    .refine((words) => words.length > 0, "needs at least one word"),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});

/** Products by words of their names. */
export function searchRoute(services: Services): RequestHandler {
  return async (request, response) => {
    const input = readInput(search, request.query);
    if (!input.ok) return answerRefusal(response, input.refusal);
    const { q: words, limit } = input.value;
    const page = await services.cache.read("search", JSON.stringify([words, limit]), async () =>
      JSON.stringify(await searchProducts(services.database, words, limit)),
    );
    answerJsonText(response, page);
  };
}
