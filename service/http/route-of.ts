import { routes } from "../contract/routes.ts";
import { pageOf } from "../pages/page-of.ts";

const patterns = Object.values(routes).map((route) => ({
  route,
  pattern: new RegExp(`^${route.replaceAll(/:\w+/g, "[^/]+")}$`),
}));

/** Route pattern of a path, for labels: `unmatched` for any other, so that nobody can make labels up. */
export function routeOf(path: string): string {
  const exact = patterns.find(({ route }) => route === path);
  const route = (exact ?? patterns.find(({ pattern }) => pattern.test(path)))?.route;
  return route ?? pageOf(path) ?? (path.startsWith("/assets/") ? "/assets/*" : "unmatched");
}
