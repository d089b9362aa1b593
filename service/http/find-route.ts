import type { IncomingMessage } from "node:http";
import { requestPath } from "./request-path.ts";
import type { Route } from "./route.ts";

/** A route with the path's parameters, which need no decoding. */
export interface Found<R extends Route = Route> {
  readonly route: R;
  readonly params: Readonly<Record<string, string>>;
}

/** Whether a client says, as nearly all do, that it takes JSON; what odd ones take is for Express to decide. */
export function takesJson({ headers: { accept } }: IncomingMessage): boolean {
  return accept === undefined || accept === "*/*" || accept === "application/json";
}

/**
 * Finds the route that Express' router would, for methods and paths that are plainly one's. Exact paths come first, as in the
 * router: the search's path also has the form of a product's.
 */
export function routeFinder<R extends Route>(routes: readonly R[]): (request: IncomingMessage) => Found<R> | undefined {
  const exact = new Map<string, Found<R>>();
  const patterns: { readonly method: string; readonly pattern: RegExp; readonly route: R }[] = [];
  for (const route of routes) {
    const { method, path } = route.operation;
    if (path.includes(":")) {
      const pattern = new RegExp(`^${path.replaceAll(/:(\w+)/g, "(?<$1>[\\w-]+)")}$`);
      patterns.push({ method: method.toUpperCase(), pattern, route });
    } else exact.set(`${method.toUpperCase()} ${path}`, { route, params: {} });
  }
  const find = (method: string, path: string): Found<R> | undefined => {
    const found = exact.get(`${method} ${path}`);
    if (found !== undefined) return found;
    for (const candidate of patterns) {
      if (candidate.method !== method) continue;
      const params = candidate.pattern.exec(path)?.groups;
      if (params !== undefined) return { route: candidate.route, params };
    }
    return undefined;
  };
  return (request) => find(request.method ?? "", requestPath(request));
}
