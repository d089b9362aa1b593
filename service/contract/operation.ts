import type { z } from "zod";
import type { ProblemCode } from "./problems.ts";

/**
 * One thing that a client can ask of the shop. What comes in is validated by these schemas and no others; the OpenAPI
 * document, the routing and the typed client derive from them.
 */
export interface Operation {
  /** camelCase, unique: operationId of the OpenAPI document. */
  readonly id: string;
  readonly method: "get" | "post" | "put" | "patch" | "delete";
  /** As Express takes it, e.g. `/shop/api/products/:id/`; `routes.ts` has it. */
  readonly path: string;
  readonly summary: string;
  readonly tag: "accounts" | "catalogue" | "orders" | "staff" | "documentation";
  /** Who may: anyone, whoever has a session (bearer token), or staff. */
  readonly auth: "none" | "account" | "staff";
  /** Answers are held with an ETag that clients and CDNs may ask by; see `http/answer-cached.ts`. */
  readonly cached?: true;
  /** Path parameters, query, headers (lower case) and JSON body. */
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly headers?: z.ZodObject;
  readonly body?: z.ZodType;
  readonly answers: Readonly<Record<number, Answer>>;
  /** Refusals of its own; those that every operation may give are added by `problemsOf`. */
  readonly problems: readonly ProblemCode[];
}

/** An answer that is no problem; without a schema it has no body. */
export interface Answer {
  readonly description: string;
  readonly body?: z.ZodType;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Keeps the literal types of an operation. */
export function operation<const O extends Operation>(definition: O): O {
  return definition;
}

/** Every problem that an operation may answer with. */
export function problemsOf({ auth, params, query, headers, body, problems }: Operation): readonly ProblemCode[] {
  const reads = params !== undefined || query !== undefined || headers !== undefined || body !== undefined;
  const general: readonly ProblemCode[] = [
    ...(reads ? (["invalid-input"] as const) : []),
    ...(body === undefined ? [] : (["body-too-large", "unsupported-media-type"] as const)),
    "not-acceptable",
    ...(auth === "none" ? [] : (["not-signed-in"] as const)),
    ...(auth === "staff" ? (["not-found"] as const) : []),
    "too-many-requests",
    "unavailable",
    "fault",
  ];
  return [...new Set([...general, ...problems])];
}
