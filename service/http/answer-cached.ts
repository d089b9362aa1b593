import type { IncomingHttpHeaders, ServerResponse } from "node:http";
import type { CacheName } from "../cache/cache-names.ts";
import type { CachedAnswer } from "../cache/cached-answer.ts";

/**
 * How long browsers (max-age) and a CDN (s-maxage) may give an answer without asking. A product's own answer has its
 * stock, which orders change without a purge: seconds. Stale answers bridge a refresh or an outage of the shop.
 */
const cacheControl: Partial<Record<CacheName, string>> = {
  product: "public, max-age=5, s-maxage=10, stale-while-revalidate=10, stale-if-error=600",
  "product-list": "public, max-age=30, s-maxage=60, stale-while-revalidate=60, stale-if-error=3600",
  category: "public, max-age=30, s-maxage=60, stale-while-revalidate=60, stale-if-error=3600",
  search: "public, max-age=30, s-maxage=60, stale-while-revalidate=60, stale-if-error=3600",
};

/** Answers what came through the cache; 304 when the client has it already. */
export function answerCached(response: ServerResponse, answer: CachedAnswer): void {
  const { headers, url = "" } = response.req;
  answer.onGiven?.(url);
  const { status, head, body } = cachedReply(answer, headers);
  for (let index = 0; index < head.length; index += 2) response.setHeader(head[index] ?? "", head[index + 1] ?? "");
  response.statusCode = status;
  response.end(body, "latin1");
}

/** What is sent of an answer: its head has names and values in turn, as `writeHead` takes them. */
export interface CachedReply {
  readonly status: 200 | 304;
  readonly head: readonly string[];
  /** A character a byte. */
  readonly body: string | undefined;
}

/** The reply to a client that sent these headers. The only place that says what goes with a cached answer. */
export function cachedReply(answer: CachedAnswer, headers: IncomingHttpHeaders): CachedReply {
  const { body, etag, encoding } = answer.formFor(headers["accept-encoding"]);
  const head = ["Cache-Control", cacheControl[answer.name] ?? "no-store", "ETag", etag, "Vary", "Accept-Encoding"];
  if (answer.isKnown(headers["if-none-match"])) return { status: 304, head, body: undefined };
  if (encoding !== undefined) head.push("Content-Encoding", encoding);
  head.push("Content-Type", "application/json; charset=utf-8", "Content-Length", String(body.length));
  return { status: 200, head, body };
}
