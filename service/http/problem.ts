import type { ServerResponse } from "node:http";
import { problems, type Problem, type ProblemCode } from "../contract/problems.ts";
import type { Refusal } from "../shop/refusal.ts";

/** Answers a refusal as problem+json (RFC 9457). */
export function answerRefusal(response: ServerResponse, refusal: Refusal): void {
  if ("retryAfterSeconds" in refusal) response.setHeader("Retry-After", String(refusal.retryAfterSeconds));
  if (problems[refusal.code].status === 401) response.setHeader("WWW-Authenticate", "Bearer");
  const { code, retryAfterSeconds: _, ...details } = { retryAfterSeconds: undefined, ...refusal };
  answerProblem(response, code, details);
}

/** Answers a fault; its cause is logged and never told. */
export function answerFault(response: ServerResponse): void {
  answerProblem(response, "fault", {});
}

function answerProblem(response: ServerResponse, code: ProblemCode, details: object): void {
  const { status, title } = problems[code];
  const problem: Problem = { type: `urn:shop:problem:${code}`, code, title, status, ...details };
  const body = Buffer.from(JSON.stringify(problem));
  response.statusCode = status;
  response.setHeader("Cache-Control", "no-store");
  response.setHeader("Content-Type", "application/problem+json; charset=utf-8");
  response.setHeader("Content-Length", body.length);
  response.end(body);
}
