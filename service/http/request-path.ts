import type { IncomingMessage } from "node:http";
import parseUrl from "parseurl";

/** The path as Express takes it from the request, without needing Express: limits must see what the router sees. */
export function requestPath(request: IncomingMessage): string {
  return parseUrl(request)?.pathname ?? "/";
}
