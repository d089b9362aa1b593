import { z } from "zod";

const oneOrMany = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());
const documentSchema = z.object({
  Statement: z.array(
    z.object({
      Effect: z.enum(["Allow", "Deny"]),
      Action: oneOrMany.optional(),
      Principal: z.union([z.literal("*"), z.record(z.string(), oneOrMany)]).optional(),
    }),
  ),
});

export interface PolicyStatement {
  readonly effect: "Allow" | "Deny";
  readonly actions: readonly string[];
  /** `*` among them is everybody. */
  readonly principals: readonly string[];
}

/** The statements of all policy documents among a resource's inputs; a document that is no valid policy is an error. */
export function statementsOf(props: Readonly<Record<string, unknown>>): readonly PolicyStatement[] {
  return ["policy", "assumeRolePolicy"].flatMap((key) => {
    const text = props[key];
    if (typeof text !== "string" || !text.trimStart().startsWith("{")) return [];
    return documentSchema.parse(JSON.parse(text)).Statement.map(({ Effect, Action = [], Principal }) => ({
      effect: Effect,
      actions: Action,
      principals: Principal === undefined ? [] : Principal === "*" ? ["*"] : Object.values(Principal).flat(),
    }));
  });
}
