/** A secret and, when it is JSON, each text inside it: a program takes such a value apart and passes its parts on. */
export function secretTexts(secret: string): readonly string[] {
  try {
    return [secret, ...leaves(JSON.parse(secret) as unknown)];
  } catch {
    return [secret];
  }
}

function leaves(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(leaves) : [];
}
