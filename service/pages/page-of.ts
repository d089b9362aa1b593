import { pages } from "../contract/pages.ts";

const patterns = Object.values(pages).map((path) => ({
  path,
  pattern: new RegExp(`^${path.replaceAll(/:\w+/g, "[^/]+")}$`),
}));

/** The pattern of the storefront's page that a path is; undefined for any other. */
export function pageOf(path: string): string | undefined {
  return patterns.find(({ pattern }) => pattern.test(path))?.path;
}
