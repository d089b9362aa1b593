import type { z } from "zod";
import { accepted, refused, type Outcome } from "../shop/refusal.ts";

/** Checks what came from outside; the refusal names each wrong field and never repeats its value. */
export function readInput<Schema extends z.ZodType>(schema: Schema, input: unknown): Outcome<z.output<Schema>> {
  const parsed = schema.safeParse(input ?? {});
  if (parsed.success) return accepted(parsed.data);
  const errors = parsed.error.issues.map((issue) => ({ field: issue.path.join("."), message: issue.message }));
  return refused({ code: "invalid-input", errors });
}
