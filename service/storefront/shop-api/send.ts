import { requestOf, type AnswerOf, type RequestOf } from "../../contract/client.ts";
import type { Operation } from "../../contract/operation.ts";
import type { Problem } from "../../contract/problems.ts";
import type { Endpoint } from "./endpoint.ts";
import { setShopClock } from "./shop-clock.ts";
import { noAnswer, troubleOf, type Trouble } from "./trouble.ts";

export type Body<O extends Operation> = Extract<AnswerOf<O>, { ok: true }>["body"];
export type Reply<O extends Operation> =
  { readonly ok: true; readonly body: Body<O> } | { readonly ok: false; readonly trouble: Trouble };

export interface SendOptions {
  readonly token?: string | undefined;
  /** `no-cache` asks the shop itself instead of what the browser kept of an earlier answer: for stock before an order. */
  readonly cache?: "default" | "no-cache";
}

/** Above the longest time that the shop takes for an answer, mail included. */
const timeoutMs = 20_000;

/** Sends one request. Every "no" is a value, `no-answer` included: whether it was done is then unknown. */
export async function send<O extends Operation>(
  endpoint: Endpoint<O>,
  input: RequestOf<O>,
  { token, cache = "default" }: SendOptions = {},
): Promise<Reply<O>> {
  // A request is built from method and path alone, and those an endpoint has.
  const { path, ...request } = requestOf(endpoint as unknown as O, input, token);
  try {
    const response = await fetch(path, { ...request, cache, signal: AbortSignal.timeout(timeoutMs) });
    const text = await response.text();
    const body: unknown = text === "" ? undefined : JSON.parse(text);
    // What is posted no cache answers; a session begins and goes on with such an answer.
    if (request.method === "POST") setShopClock(response.headers);
    if (response.ok) return { ok: true, body: body as Body<O> };
    return { ok: false, trouble: troubleOf(body as Problem, response.headers, Date.now()) };
  } catch {
    // No connection, a timeout, or an answer that is not the shop's: a router's error page, say.
    return { ok: false, trouble: noAnswer };
  }
}
