import type { IncomingMessage } from "node:http";
import parseUrl from "parseurl";

/** The path as Express takes it from the request, without needing Express: limits must see what the router sees. */
export function requestPath(request: IncomingMessage): string {
  return parseUrl(request)?.pathname ?? "/";
}

/** The path's query as Express takes it, without its question mark. */
export function requestQuery(request: IncomingMessage): string {
  const query = parseUrl(request)?.query;
  return typeof query === "string" ? query : "";
}
