import { z } from "zod";

/** The largest body that is read; none of the contract comes near it. */
export const maxBodyBytes = 16_384;

/**
 * Every error that the shop answers, with its status: the only place that gives one a status. 400 breaks the schema
 * of its operation; 409 and 422 fit it and still cannot be done.
 */
export const problems = {
  "invalid-input": { status: 400, title: "The request is not as it should be" },
  "wrong-credentials": { status: 401, title: "Address or password is wrong" },
  "not-signed-in": { status: 401, title: "Sign in first" },
  "wrong-password": { status: 403, title: "The current password is wrong" },
  "wrong-code": { status: 422, title: "The code is wrong, too old or was used before" },
  "not-found": { status: 404, title: "There is nothing here" },
  "method-not-allowed": { status: 405, title: "This cannot be done here" },
  "not-acceptable": { status: 406, title: "Answers are JSON, which the request does not take" },
  "body-too-large": { status: 413, title: "The body is larger than 16 kB" },
  "unsupported-media-type": { status: 415, title: "The body must be application/json in UTF-8" },
  "unknown-page": { status: 422, title: "No page continues there" },
  "unknown-product": { status: 422, title: "A product does not exist" },
  "unknown-category": { status: 422, title: "There is no such category" },
  "too-much-stock": { status: 422, title: "No product has that much stock" },
  "out-of-stock": { status: 409, title: "A product is out of stock" },
  "total-changed": { status: 409, title: "The order would cost another sum than was expected" },
  "not-cancellable": { status: 409, title: "The order cannot be cancelled any more" },
  "idempotency-key-reused": { status: 422, title: "The idempotency key was used for another order" },
  "too-many-requests": { status: 429, title: "Too many requests from this address" },
  "too-many-attempts": { status: 429, title: "Too many attempts for this account" },
  "verify-first": { status: 429, title: "Verify your address of mail to order more today" },
  busy: { status: 503, title: "Too many people are signing in right now" },
  unavailable: { status: 503, title: "The shop cannot answer right now" },
  fault: { status: 500, title: "Something went wrong in the shop" },
} as const satisfies Record<string, { readonly status: number; readonly title: string }>;

export type ProblemCode = keyof typeof problems;
const problemCodes = Object.keys(problems) as [ProblemCode, ...ProblemCode[]];

/** Body of every error, as application/problem+json (RFC 9457). */
export const problemSchema = z
  .object({
    type: z.string().meta({ description: "urn:shop:problem:<code>" }),
    code: z.enum(problemCodes),
    title: z.string(),
    status: z.int(),
    /** What is wrong with which field; never its value. */
    errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
    productIds: z.array(z.int()).optional(),
    /** What the order would cost now. */
    totalCents: z.int().optional(),
  })
  .meta({ id: "Problem" });
export type Problem = z.output<typeof problemSchema>;
