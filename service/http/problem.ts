import type { Response } from "express";
import { problems, type Problem, type ProblemCode } from "../contract/problems.ts";
import type { Refusal } from "../shop/refusal.ts";

/** Answers a refusal as problem+json (RFC 9457). */
export function answerRefusal(response: Response, refusal: Refusal): void {
  if ("retryAfterSeconds" in refusal) response.set("Retry-After", String(refusal.retryAfterSeconds));
  if (problems[refusal.code].status === 401) response.set("WWW-Authenticate", "Bearer");
  const { code, retryAfterSeconds: _, ...details } = { retryAfterSeconds: undefined, ...refusal };
  answerProblem(response, code, details);
}

/** Answers a fault; its cause is logged and never told. */
export function answerFault(response: Response): void {
  answerProblem(response, "fault", {});
}

function answerProblem(response: Response, code: ProblemCode, details: object): void {
  const { status, title } = problems[code];
  const problem: Problem = { type: `urn:shop:problem:${code}`, code, title, status, ...details };
  response.status(status).set("Cache-Control", "no-store").type("application/problem+json");
  response.send(JSON.stringify(problem));
}
