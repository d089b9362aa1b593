import { z } from "zod";

/** As many as Number.MAX_SAFE_INTEGER has. */
const digits = /^\d{1,16}$/;

/** A whole number of a query, as digits and nothing else: `z.coerce` takes no text at all for a zero. */
export function queryNumber<T extends z.ZodNumber>(number: T) {
  return z.preprocess((text) => (typeof text === "string" && digits.test(text) ? Number(text) : text), number);
}
