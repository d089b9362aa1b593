import type { z } from "zod";
import { jsonContent, jsonSchema, type Components, type Json } from "./json-schema.ts";
import { responsesOf, sharedHeaders } from "./openapi-responses.ts";
import type { Operation } from "./operation.ts";

const description = `API of the shop that shopctl runs. Money is in cents of USD, times are ISO 8601 in UTC.

Every error is a problem (RFC 9457) whose \`code\` says what it is: 400 breaks the schema, 409 and 422 fit it and still
cannot be done, 429 and 503 may be tried again after \`Retry-After\` seconds. Any path answers \`OPTIONS\` with what it
allows, and \`HEAD\` where it has \`GET\`; any other method is refused with 405.`;

const tags: Record<Operation["tag"], string> = {
  accounts: "Who someone is, and how they prove it",
  catalogue: "What there is to buy",
  orders: "What was bought",
  staff: "Keeping the shop",
  documentation: "This document",
};

/** OpenAPI 3.1 document of the operations, made from the schemas that validate. Pure: equal input, equal document. */
export function openapiDocument(operations: readonly Operation[]): Json {
  const components: Components = { schemas: new Map(), responses: new Map() };
  const paths: Record<string, Json> = {};
  for (const operation of operations) {
    const path = operation.path.replaceAll(/:(\w+)/g, "{$1}");
    paths[path] = { ...paths[path], [operation.method]: describeOperation(operation, components) };
  }
  const used = new Set(operations.map(({ tag }) => tag));
  return {
    openapi: "3.1.0",
    info: { title: "Shop", version: "1", description, license: { name: "Apache 2.0", identifier: "Apache-2.0" } },
    servers: [{ url: "/" }],
    tags: [...used].map((name) => ({ name, description: tags[name] })),
    paths,
    components: {
      schemas: sorted(components.schemas),
      responses: sorted(components.responses),
      headers: sharedHeaders,
      securitySchemes: {
        session: { type: "http", scheme: "bearer", description: "The token that signing in answers with." },
      },
    },
  };
}

const knownAnswer: Json = {
  name: "If-None-Match",
  in: "header",
  required: false,
  description: "The ETag of an answer that the client has; 304 says that it is still good.",
  schema: { type: "string" },
};

function sorted(named: ReadonlyMap<string, Json>): Json {
  return Object.fromEntries([...named].toSorted(([a], [b]) => a.localeCompare(b)));
}

function describeOperation(operation: Operation, components: Components): Json {
  const { id, summary, tag, auth, params, query, headers, body, cached } = operation;
  const parameters = [
    ...parametersOf("path", params, components),
    ...parametersOf("query", query, components),
    ...parametersOf("header", headers, components),
    ...(cached === true ? [knownAnswer] : []),
  ];
  return {
    operationId: id,
    summary,
    tags: [tag],
    security: auth === "none" ? [] : [{ session: [] }],
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody: { required: true, content: jsonContent(body, "input", components) } }),
    responses: responsesOf(operation, components),
  };
}

function parametersOf(place: string, schema: z.ZodObject | undefined, components: Components): readonly Json[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = jsonSchema(schema, "input", components) as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description: about, ...property }]) => ({
    name,
    in: place,
    required: required.includes(name),
    ...(about === undefined ? {} : { description: about }),
    schema: property,
  }));
}
