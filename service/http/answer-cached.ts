import type { ServerResponse } from "node:http";
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

/** Answers what came through the cache; 304 when the client has it already. The only place that sets these headers. */
export function answerCached(response: ServerResponse, answer: CachedAnswer | undefined): void {
  if (answer === undefined) throw new Error("a loader of the cache gave nothing");
  const { headers, url = "" } = response.req;
  answer.onGiven?.(url);
  const { body, etag, encoding } = answer.formFor(headers["accept-encoding"]);
  response.setHeader("Cache-Control", cacheControl[answer.name] ?? "no-store");
  response.setHeader("ETag", etag);
  response.setHeader("Vary", "Accept-Encoding");
  if (answer.isKnown(headers["if-none-match"])) {
    response.statusCode = 304;
    response.end();
    return;
  }
  if (encoding !== undefined) response.setHeader("Content-Encoding", encoding);
  response.setHeader("Content-Type", "application/json; charset=utf-8");
  response.setHeader("Content-Length", body.length);
  response.end(body);
}
