import { envelopeKey, envelopes, unknownValue } from "../../../infra/engine/embedded/property-value.ts";

/** Whether a preview does not know the value, or something in it. */
export function containsUnknown(value: unknown): boolean {
  if (value === unknownValue) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(containsUnknown);
}

/** A file is compared by its content's hash: where it lies is nobody's business. */
export function withoutAssetPaths(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(withoutAssetPaths);
  const entries = Object.entries(value);
  if ((value as Record<string, unknown>)[envelopeKey] === envelopes.asset)
    return Object.fromEntries(entries.filter(([key]) => key === "hash"));
  return Object.fromEntries(entries.map(([key, item]) => [key, withoutAssetPaths(item)]));
}
