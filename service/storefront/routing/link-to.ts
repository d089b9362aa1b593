import { pages, type PageName } from "../../contract/pages.ts";

type Values = Readonly<Record<string, string | number | undefined>>;

/** The address of a page; values that its path does not take go into the query, undefined ones nowhere. */
export function linkTo(page: PageName, values: Values = {}): string {
  const left = new Map<string, string>();
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && value !== "") left.set(name, String(value));
  }
  const path = pages[page].replaceAll(/:(\w+)/g, (_, name: string) => {
    const value = left.get(name);
    left.delete(name);
    return encodeURIComponent(value ?? "");
  });
  const query = new URLSearchParams([...left]).toString();
  return query === "" ? path : `${path}?${query}`;
}
