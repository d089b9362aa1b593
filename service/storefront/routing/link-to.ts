import { pages, type PageName } from "../../contract/pages.ts";

type Values = Readonly<Record<string, string | number | undefined>>;

/** The address of a page; values that its path does not take go into the query, undefined ones nowhere. */
export function linkTo(page: PageName, values: Values = {}): string {
  const left = new Map(Object.entries(values).filter(([, value]) => value !== undefined && value !== ""));
  const path = pages[page].replaceAll(/:(\w+)/g, (_, name: string) => {
    const value = left.get(name);
    left.delete(name);
    return encodeURIComponent(String(value));
  });
  const query = new URLSearchParams([...left].map(([name, value]) => [name, String(value)])).toString();
  return query === "" ? path : `${path}?${query}`;
}
