/** What was stored as JSON; undefined for nothing, for what is no object, and for what does not look like a `T`. */
export function parseJson<T extends object>(
  text: string | null,
  looksRight: (value: object) => value is T,
): T | undefined {
  if (text === null) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && looksRight(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
