import { routes } from "../contract/routes.ts";
import { pageOf } from "../pages/page-of.ts";

const exact: ReadonlySet<string> = new Set(Object.values(routes));
const patterns = Object.values(routes)
  .filter((route) => route.includes(":"))
  .map((route) => ({ route, pattern: new RegExp(`^${route.replaceAll(/:\w+/g, "[^/]+")}$`) }));

/** Route pattern of a path, for labels: `unmatched` for any other, so that nobody can make labels up. */
export function routeOf(path: string): string {
  if (exact.has(path)) return path;
  const route = patterns.find(({ pattern }) => pattern.test(path))?.route;
  return route ?? pageOf(path) ?? (path.startsWith("/assets/") ? "/assets/*" : "unmatched");
}
