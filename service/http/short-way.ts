import type { IncomingMessage, RequestListener } from "node:http";
import type { CachedRoute } from "./cached-route.ts";
import { routeFinder, takesJson } from "./find-route.ts";
import { PlainReads } from "./plain-reads.ts";
import type { Services } from "./services.ts";

/**
 * In front of the router: plain reads of what is kept, and most requests are that. One whose address got an answer before,
 * that may be given again, gets it at once; another one's is loaded. Whatever else is asked goes on.
 */
export function withShortWay(
  services: Services,
  reads: readonly CachedRoute[],
  otherwise: RequestListener,
): RequestListener {
  const { cache, logger } = services;
  const plainReads = new PlainReads(services);
  const find = routeFinder(reads);
  return (request, response) => {
    // Where successful reads are logged, the long way does it.
    const isShort = isPlainRead(request) && !logger.isLevelEnabled("debug");
    const source = isShort ? (cache.heldAt(request.url ?? "") ?? find(request)) : undefined;
    if (source === undefined) otherwise(request, response);
    else plainReads.answer([request, response], source);
  };
}

/** Accounts have limits of their own. */
function isPlainRead(request: IncomingMessage): boolean {
  const { method, headers } = request;
  return (method === "GET" || method === "HEAD") && headers.authorization === undefined && takesJson(request);
}
