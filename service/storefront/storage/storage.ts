type Kind = "localStorage" | "sessionStorage";

/** What the browser does not keep, without leave or without room, the page itself does for as long as it is open. */
const fallback = new Map<string, string>();

/** The browser's storage for all tabs (`localStorage`) or this one; a customer may have forbidden both. */
export function stored(kind: Kind, key: string): string | null {
  const own = fallback.get(kind + key);
  if (own !== undefined) return own;
  try {
    return window[kind].getItem(key);
  } catch {
    return null;
  }
}

/** Undefined removes. */
export function store(kind: Kind, key: string, value: string | undefined): void {
  fallback.delete(kind + key);
  try {
    if (value === undefined) window[kind].removeItem(key);
    else window[kind].setItem(key, value);
  } catch {
    if (value !== undefined) fallback.set(kind + key, value);
  }
}
