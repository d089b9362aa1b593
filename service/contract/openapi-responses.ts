import { figures } from "./figures.ts";
import { jsonContent, jsonSchema, type Components, type Json } from "./json-schema.ts";
import { problemsOf, type Answer, type Operation } from "./operation.ts";
import { problems, problemSchema, type ProblemCode } from "./problems.ts";
import { guardedPaths, ownAccountPaths, privatePaths } from "./routes.ts";

const header = (description: string, schema: Json, required: boolean): Json => ({ description, schema, required });

/** Headers that more than one answer has; answers refer to them. */
export const sharedHeaders = {
  "X-Request-Id": header("Id of the request in the shop's logs; the client's own if it sent one.", text(), true),
  "RateLimit-Policy": header(
    "Name of the limit, requests and window in seconds, e.g. `api`;q=200;w=60.",
    text(),
    false,
  ),
  RateLimit: header("What is left of the limit, and the seconds until its window ends.", text(), false),
  "Retry-After": header("Seconds after which to try again.", { type: "integer", minimum: 1 }, true),
  "Cache-Control": header("Who may keep the answer for how long; `no-store` for what is somebody's own.", text(), true),
  ETag: header(
    "Names these very bytes; sent back as If-None-Match it asks whether they are still the answer.",
    text(),
    true,
  ),
  Vary: header("Forms of the answer that a cache must tell apart.", { const: "Accept-Encoding" }, true),
  "WWW-Authenticate": header("How to sign in.", { const: "Bearer" }, true),
};

/** Every answer and every problem of an operation, by status. */
export function responsesOf(operation: Operation, components: Components): Json {
  const always: readonly HeaderName[] = ["X-Request-Id", ...limitHeaders(operation)];
  const answered = [...always, ...cacheHeaders(operation)];
  return {
    ...Object.fromEntries(
      Object.entries(operation.answers).map(([status, answer]) => [status, answerOf(answer, answered, components)]),
    ),
    ...(operation.cached === true
      ? { 304: answerOf({ description: "As it was, by its ETag" }, answered, components) }
      : {}),
    ...problemResponses(operation, [...always, "Cache-Control"], components),
  };
}

type HeaderName = keyof typeof sharedHeaders;

function answerOf({ description, body, headers = {} }: Answer, always: readonly HeaderName[], components: Components) {
  const own = Object.entries(headers).map(([name, example]) => [name, { schema: text(), example }]);
  return {
    description,
    headers: { ...references(always), ...Object.fromEntries(own) },
    ...(body === undefined ? {} : { content: jsonContent(body, "output", components) }),
  };
}

/** Problems that share a status share a response, which names their codes: no other may come. */
function problemResponses(operation: Operation, always: readonly HeaderName[], components: Components): Json {
  const byStatus = Map.groupBy(problemsOf(operation), (code) => problems[code].status);
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => {
      const name = [...codes, ...(always.includes("RateLimit") ? ["limited"] : [])].join(".");
      components.responses.set(name, {
        description: codes.map((code) => problems[code].title).join("; "),
        headers: references([...always, ...headersOf(status)]),
        content: { "application/problem+json": problemContent(codes, components) },
      });
      return [String(status), { $ref: `#/components/responses/${name}` }];
    }),
  );
}

function problemContent(codes: readonly ProblemCode[], components: Components): Json {
  return {
    schema: { allOf: [jsonSchema(problemSchema, "output", components), { properties: { code: { enum: codes } } }] },
    examples: Object.fromEntries(
      codes.map((code) => [code, { value: { type: `urn:shop:problem:${code}`, code, ...problems[code] } }]),
    ),
  };
}

function headersOf(status: number): readonly HeaderName[] {
  if (status === 401) return ["WWW-Authenticate"];
  return status === 429 || status === 503 ? ["Retry-After"] : [];
}

function cacheHeaders({ cached, path }: Operation): readonly HeaderName[] {
  if (cached === true) return ["Cache-Control", "ETag", "Vary"];
  return privatePaths.test(path) ? ["Cache-Control"] : [];
}

/** Limits go by path; without Redis, browsing is answered without them. */
function limitHeaders({ path }: Operation): readonly HeaderName[] {
  const isOfAccount = guardedPaths.test(path) || ownAccountPaths.test(path);
  const isLimited = isOfAccount || figures.rateLimits.some((rule) => new RegExp(rule.path).test(path));
  return isLimited ? ["RateLimit-Policy", "RateLimit"] : [];
}

function references(names: readonly HeaderName[]): Json {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}

function text(): Json {
  return { type: "string" };
}
