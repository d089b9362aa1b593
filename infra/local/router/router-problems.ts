import { problems, type Problem, type ProblemCode } from "../../../service/contract/problems.ts";

/** What the router answers by itself, in the shop's words. A client that goes silent (408) reads nothing any more. */
const said: readonly (readonly [status: number, code: ProblemCode])[] = [
  [400, "invalid-input"],
  [404, "not-found"],
  [405, "method-not-allowed"],
  [413, "body-too-large"],
  [500, "fault"],
  [502, "unavailable"],
  [503, "unavailable"],
  [504, "unavailable"],
];

/** Lines of HAProxy's defaults: its own answers are problem+json (RFC 9457) as the service's are. */
export function routerProblems(): string {
  return said.map(([status, code]) => `  http-error status ${status} ${answer(status, code)}\n`).join("");
}

function answer(status: number, code: ProblemCode): string {
  const problem: Problem = { type: `urn:shop:problem:${code}`, code, title: problems[code].title, status };
  return `content-type "application/problem+json; charset=utf-8" string '${JSON.stringify(problem)}' hdr Cache-Control no-store`;
}
