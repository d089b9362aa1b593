/** Pulumi's marks on the wire: a secret travels in an envelope with this signature, an unknown value as this string. */
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
const unknownValues = new Set([
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9", // string
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7", // boolean
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421", // number
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2", // array
  "030794c1-ac77-496b-92df-f27374a8bd58", // asset
  "e48ece36-62e2-4504-bad9-02848725956a", // archive
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff", // object
]);

/** The plain value: secret envelopes opened, at any depth. */
export function openEnvelopes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(openEnvelopes);
  if (!isRecord(value)) return value;
  if (value[signatureKey] === secretSignature) return openEnvelopes(value["value"]);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, openEnvelopes(inner)]));
}

/** Whether anything in the value is only known after an update, as in a preview. */
export function containsUnknown(value: unknown): boolean {
  if (typeof value === "string") return unknownValues.has(value);
  if (Array.isArray(value)) return value.some(containsUnknown);
  return isRecord(value) && Object.values(value).some(containsUnknown);
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
