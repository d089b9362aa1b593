type Kind = "localStorage" | "sessionStorage";

/** Where the browser keeps nothing for pages, the page itself does for as long as it is open. */
const fallback = new Map<string, string>();

/** The browser's storage for all tabs (`localStorage`) or this one; a customer may have forbidden both. */
export function stored(kind: Kind, key: string): string | null {
  try {
    return window[kind].getItem(key);
  } catch {
    return fallback.get(kind + key) ?? null;
  }
}

/** Undefined removes. */
export function store(kind: Kind, key: string, value: string | undefined): void {
  try {
    if (value === undefined) window[kind].removeItem(key);
    else window[kind].setItem(key, value);
  } catch {
    if (value === undefined) fallback.delete(kind + key);
    else fallback.set(kind + key, value);
  }
}
