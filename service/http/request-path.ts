import type { IncomingMessage } from "node:http";
import parseUrl from "parseurl";

/** The path as Express takes it from the request, without needing Express: limits must see what the router sees. */
export function requestPath(request: IncomingMessage): string {
  const target = targetOf(request);
  return target === unreadable ? noPath : (target?.pathname ?? "/");
}

/** The path's query as Express takes it, without its question mark. */
export function requestQuery(request: IncomingMessage): string {
  const target = targetOf(request);
  return target !== unreadable && typeof target?.query === "string" ? target.query : "";
}

/** False for a target that is no URL: HTTP's parser lets `http://[` through, which the URL's parser throws at. */
export function hasReadableTarget(request: IncomingMessage): boolean {
  return targetOf(request) !== unreadable;
}

const unreadable = Symbol("unreadable");
/** That of no route. */
const noPath = "*";

function targetOf(request: IncomingMessage): ReturnType<typeof parseUrl> | typeof unreadable {
  try {
    return parseUrl(request);
  } catch {
    return unreadable;
  }
}
