import { requestOf, type AnswerOf, type RequestOf } from "../../contract/client.ts";
import type { Operation } from "../../contract/operation.ts";
import type { Problem } from "../../contract/problems.ts";
import { session } from "../session/session.ts";
import type { Endpoint } from "./endpoint.ts";
import { noAnswer, TroubleError, troubleOf, type Trouble } from "./trouble.ts";

type Body<O extends Operation> = Extract<AnswerOf<O>, { ok: true }>["body"];
export type Reply<O extends Operation> =
  { readonly ok: true; readonly body: Body<O> } | { readonly ok: false; readonly trouble: Trouble };

/** Above the longest time that the shop takes for an answer, mail included. */
const timeoutMs = 20_000;

/** `no-cache` asks the shop itself instead of what the browser kept of an earlier answer: for stock before an order. */
type Caching = "default" | "no-cache";

/** Asks the shop. Every "no" is a value, `no-answer` included: whether it was done is then unknown. */
export async function ask<O extends Operation>(
  endpoint: Endpoint<O>,
  input: RequestOf<O>,
  cache: Caching = "default",
): Promise<Reply<O>> {
  const token = endpoint.auth === "none" ? undefined : session.token();
  const reply = await send(endpoint, input, { token, cache });
  if (!reply.ok && reply.trouble.code === "not-signed-in") session.end("expired");
  return reply;
}

/** As `ask`, for pages that cannot be shown without the answer. */
export async function need<O extends Operation>(endpoint: Endpoint<O>, input: RequestOf<O>): Promise<Body<O>> {
  const reply = await ask(endpoint, input);
  if (!reply.ok) throw new TroubleError(reply.trouble);
  return reply.body;
}

async function send<O extends Operation>(
  endpoint: Endpoint<O>,
  input: RequestOf<O>,
  { token, cache }: { readonly token: string | undefined; readonly cache: Caching },
): Promise<Reply<O>> {
  // A request is built from method and path alone, and those an endpoint has.
  const { path, ...request } = requestOf(endpoint as unknown as O, input, token);
  try {
    const response = await fetch(path, { ...request, cache, signal: AbortSignal.timeout(timeoutMs) });
    const text = await response.text();
    const body: unknown = text === "" ? undefined : JSON.parse(text);
    if (response.ok) return { ok: true, body: body as Body<O> };
    return { ok: false, trouble: troubleOf(body as Problem, response.headers, Date.now()) };
  } catch {
    // No connection, a timeout, or an answer that is not the shop's: a router's error page, say.
    return { ok: false, trouble: noAnswer };
  }
}
