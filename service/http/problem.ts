import type { Response } from "express";
import type { Problem } from "../contract/api.ts";
import type { Refusal } from "../shop/refusal.ts";

type ProblemCode = Refusal["code"] | "fault";

const answers: Record<ProblemCode, { readonly status: number; readonly title: string }> = {
  "invalid-input": { status: 400, title: "The request is not as it should be" },
  "wrong-credentials": { status: 401, title: "Address or password is wrong" },
  "not-signed-in": { status: 401, title: "Sign in first" },
  "not-found": { status: 404, title: "There is nothing here" },
  "unknown-product": { status: 422, title: "A product does not exist" },
  "out-of-stock": { status: 409, title: "A product is out of stock" },
  "idempotency-key-reused": { status: 422, title: "The idempotency key was used for another order" },
  "too-many-requests": { status: 429, title: "Too many requests from this address" },
  busy: { status: 503, title: "Too many people are signing in right now" },
  unavailable: { status: 503, title: "The shop cannot answer right now" },
  fault: { status: 500, title: "Something went wrong in the shop" },
};

/** Answers a refusal as problem+json (RFC 9457): the only place that gives refusals a status. */
export function answerRefusal(response: Response, refusal: Refusal): void {
  if ("retryAfterSeconds" in refusal) response.set("Retry-After", String(refusal.retryAfterSeconds));
  if (refusal.code === "not-signed-in") response.set("WWW-Authenticate", "Bearer");
  const { code, retryAfterSeconds: _, ...details } = { retryAfterSeconds: undefined, ...refusal };
  answerProblem(response, code, details);
}

/** Answers a fault; its cause is logged and never told. */
export function answerFault(response: Response): void {
  answerProblem(response, "fault", {});
}

function answerProblem(response: Response, code: ProblemCode, details: object): void {
  const { status, title } = answers[code];
  const problem: Problem = { type: `urn:shop:problem:${code}`, code, title, status, ...details };
  response.status(status).set("Cache-Control", "no-store").type("application/problem+json");
  response.send(JSON.stringify(problem));
}
