import { z } from "zod";
import type { Operation } from "./operation.ts";
import { problemsOf } from "./operation.ts";
import { problems, problemSchema } from "./problems.ts";

type Json = Record<string, unknown>;

/** OpenAPI 3.1 document of the operations, made from the schemas that validate. Pure: equal input, equal document. */
export function openapiDocument(operations: readonly Operation[]): Json {
  const schemas = new Map<string, Json>();
  const paths: Record<string, Json> = {};
  for (const operation of operations) {
    const path = operation.path.replaceAll(/:(\w+)/g, "{$1}");
    paths[path] = { ...paths[path], [operation.method]: describeOperation(operation, schemas) };
  }
  return {
    openapi: "3.1.0",
    info: { title: "Shop", version: "1", description: "API of the shop that shopctl runs. Money is in cents of USD." },
    servers: [{ url: "/" }],
    paths,
    components: {
      schemas: Object.fromEntries([...schemas].toSorted(([a], [b]) => a.localeCompare(b))),
      securitySchemes: { session: { type: "http", scheme: "bearer" } },
    },
  };
}

function describeOperation(operation: Operation, schemas: Map<string, Json>): Json {
  const { id, summary, tag, auth, params, query, headers, body, answers } = operation;
  const parameters = [
    ...parametersOf("path", params, schemas),
    ...parametersOf("query", query, schemas),
    ...parametersOf("header", headers, schemas),
  ];
  return {
    operationId: id,
    summary,
    tags: [tag],
    ...(auth === "none" ? {} : { security: [{ session: [] }] }),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody: { required: true, content: json(body, "input", schemas) } }),
    responses: {
      ...Object.fromEntries(
        Object.entries(answers).map(([status, answer]) => [
          status,
          {
            description: answer.description,
            ...(answer.headers === undefined
              ? {}
              : {
                  headers: Object.fromEntries(
                    Object.entries(answer.headers).map(([name, example]) => [
                      name,
                      { schema: { type: "string" }, example },
                    ]),
                  ),
                }),
            ...(answer.body === undefined ? {} : { content: json(answer.body, "output", schemas) }),
          },
        ]),
      ),
      ...problemResponses(operation, schemas),
    },
  };
}

/** Problems that share a status share a response. */
function problemResponses(operation: Operation, schemas: Map<string, Json>): Json {
  const byStatus = Map.groupBy(problemsOf(operation), (code) => problems[code].status);
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      String(status),
      {
        description: codes.map((code) => `${code}: ${problems[code].title}`).join("; "),
        content: { "application/problem+json": { schema: schemaOf(problemSchema, "output", schemas) } },
      },
    ]),
  );
}

function parametersOf(place: string, schema: z.ZodObject | undefined, schemas: Map<string, Json>): readonly Json[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = schemaOf(schema, "input", schemas) as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...property }]) => ({
    name,
    in: place,
    required: required.includes(name),
    ...(description === undefined ? {} : { description }),
    schema: property,
  }));
}

function json(schema: z.ZodType, io: "input" | "output", schemas: Map<string, Json>): Json {
  return { "application/json": { schema: schemaOf(schema, io, schemas) } };
}

/** JSON Schema of a type; what has an id becomes a component of the document. */
function schemaOf(schema: z.ZodType, io: "input" | "output", schemas: Map<string, Json>): Json {
  const text = JSON.stringify(z.toJSONSchema(schema, { io, unrepresentable: "any" }));
  const {
    $schema: _,
    $defs = {},
    ...top
  } = JSON.parse(text.replaceAll('"#/$defs/', '"#/components/schemas/')) as Json & { $defs?: Record<string, Json> };
  for (const [id, { id: __, ...definition }] of Object.entries($defs)) schemas.set(id, definition);
  return top;
}
