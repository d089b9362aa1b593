import { z } from "zod";
import { queryNumber } from "./query-number.ts";

/** Ids of the shop: positive whole numbers. */
export const idSchema = z.int().min(1).max(Number.MAX_SAFE_INTEGER);

/** The path's `:id`. An id that cannot exist is not found rather than invalid, so the text is checked by the route. */
export const idParams = z.object({ id: z.string().regex(/^[1-9]\d{0,14}$/) });

/** Prices and sums, in cents of USD. */
export const centsSchema = z.int().min(0);

/** The highest price of a product, in cents: a million USD. */
export const maxPriceCents = 100_000_000;

/** ISO 8601 in UTC, e.g. `2026-11-24T21:30:00.000Z`. */
export const timeSchema = z.string().meta({ format: "date-time" });

/**
 * Text of so many characters, counted as JSON Schema and Postgres count them: one outside the basic plane is one, while
 * JavaScript's length says two.
 */
export function textSchema(least: number, most: number) {
  const fits = (text: string): boolean => {
    if (text.length > 2 * most) return false;
    const characters = Array.from(text).length;
    return characters >= least && characters <= most;
  };
  return z
    .string()
    .refine(fits, `must have ${least} to ${most} characters`)
    .meta({ ...(least > 0 ? { minLength: least } : {}), maxLength: most });
}

/** How many entries a page has at most. */
export const pageSizeSchema = queryNumber(z.number().int().min(1).max(100)).default(20);
