import { z } from "zod";

/**
 * Something on the host that is not as the stack has it. `serious` is what shoppers, data or security depend on, now or
 * at the next restart; the rest is harmless. Neither text ever holds a secret.
 */
export const differenceSchema = z.object({
  what: z.string(),
  expected: z.string(),
  found: z.string(),
  harm: z.enum(["harmless", "serious"]),
});
export type Difference = z.infer<typeof differenceSchema>;

/** A serious difference, unless both are the same. */
export function compare(what: string, expected: string | number, found: string | number): readonly Difference[] {
  if (expected === found) return [];
  return [{ what, expected: String(expected), found: String(found), harm: "serious" }];
}
