import type { z } from "zod";
import type { Answer, Operation } from "./operation.ts";
import type { Problem } from "./problems.ts";

type InputOf<T> = T extends z.ZodType ? z.input<T> : never;
type Parts = "params" | "query" | "headers" | "body";

/** What an operation takes: each part that it has; only those with nothing required may be left out. */
export type RequestOf<O extends Operation> = {
  readonly [P in Parts as O[P] extends z.ZodType ? ({} extends InputOf<O[P]> ? never : P) : never]: InputOf<O[P]>;
} & { readonly [P in Parts as O[P] extends z.ZodType ? P : never]?: InputOf<O[P]> };

type BodyOf<A> = A extends Answer ? (A["body"] extends z.ZodType ? z.output<A["body"]> : undefined) : never;

/** What it answers: one of its answers by status, or a problem. */
export type AnswerOf<O extends Operation> =
  | {
      [S in keyof O["answers"]]: {
        readonly ok: true;
        readonly status: S;
        readonly headers: Headers;
        readonly body: BodyOf<O["answers"][S]>;
      };
    }[keyof O["answers"]]
  | { readonly ok: false; readonly status: number; readonly headers: Headers; readonly body: Problem };

/** A request that is ready for any HTTP client. */
export interface HttpRequest {
  readonly method: string;
  /** Path with query. */
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
}

/** Builds the request of an operation. Pure; checks nothing that the types do not. */
export function requestOf<O extends Operation>(definition: O, input: RequestOf<O>, token?: string): HttpRequest {
  const { params = {}, query = {}, headers = {}, body } = input as Partial<Record<Parts, Record<string, unknown>>>;
  const path = definition.path.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name])));
  const search = new URLSearchParams(definedTexts(query)).toString();
  return {
    method: definition.method.toUpperCase(),
    path: search === "" ? path : `${path}?${search}`,
    headers: {
      accept: "application/json",
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...definedTexts(headers),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  };
}

/** Longest time that a call waits when its caller sets no limit: far above the shop's own time limits. */
const defaultTimeoutMs = 30_000;

/** Calls a shop. Throws when nothing answers in time, or something that is not the shop's JSON. */
export async function callShop<O extends Operation>(
  baseUrl: string,
  definition: O,
  input: RequestOf<O>,
  token?: string,
  signal: AbortSignal = AbortSignal.timeout(defaultTimeoutMs),
): Promise<AnswerOf<O>> {
  const { path, ...request } = requestOf(definition, input, token);
  const response = await fetch(baseUrl + path, { ...request, signal });
  const body = readJson(await response.text(), `${definition.id} was answered with ${response.status}`);
  return { ok: response.ok, status: response.status, headers: response.headers, body } as AnswerOf<O>;
}

/** A router or a proxy in front of the shop answers with text of its own when the shop does not. */
function readJson(text: string, what: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${what} and no JSON: ${text.slice(0, 80)}`, { cause: error });
  }
}

function definedTexts(values: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      typeof value === "string" || typeof value === "number" || typeof value === "boolean"
        ? [[name, String(value)]]
        : [],
    ),
  );
}
