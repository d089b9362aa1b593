import { z } from "zod";

export type Json = Record<string, unknown>;

/** What the document has once and refers to: schemas with an id, and answers that several operations give. */
export interface Components {
  readonly schemas: Map<string, Json>;
  readonly responses: Map<string, Json>;
}

/** JSON Schema of a type; what has an id becomes a component of the document. */
export function jsonSchema(schema: z.ZodType, io: "input" | "output", components: Components): Json {
  const text = JSON.stringify(z.toJSONSchema(schema, { io, unrepresentable: "any", override: keepDefault }));
  const {
    $schema: _,
    $defs = {},
    ...top
  } = JSON.parse(text.replaceAll('"#/$defs/', '"#/components/schemas/')) as Json & { $defs?: Record<string, Json> };
  for (const [id, { id: __, ...definition }] of Object.entries($defs)) components.schemas.set(id, definition);
  return top;
}

/** Content of media type JSON with a schema. */
export function jsonContent(schema: z.ZodType, io: "input" | "output", components: Components): Json {
  return { "application/json": { schema: jsonSchema(schema, io, components) } };
}

/** Zod leaves it out where the input is made into something else first, as the digits of a query are. */
function keepDefault({ zodSchema, jsonSchema: made }: { zodSchema: z.core.$ZodTypes; jsonSchema: Json }): void {
  const { def } = zodSchema._zod;
  if (def.type === "default") made["default"] = def.defaultValue;
}
