import { pages, type PageName } from "../../contract/pages.ts";

const patterns = Object.entries(pages).map(([name, path]) => ({
  name: name as PageName,
  pattern: new RegExp(`^${path.replaceAll(/:(\w+)/g, "(?<$1>[^/]+)")}$`),
}));

/** The page of a path with the path's values; undefined when there is none. */
export function matchPage(
  path: string,
): { readonly name: PageName; readonly params: Record<string, string> } | undefined {
  for (const { name, pattern } of patterns) {
    const match = pattern.exec(path);
    if (match !== null) return { name, params: { ...match.groups } };
  }
  return undefined;
}
