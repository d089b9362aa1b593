import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { EngineError } from "../engine.ts";
import { envelopeKey, envelopes, isMap, mapChildren, type PropertyMap, type PropertyValue } from "./property-value.ts";

/**
 * Puts the hash of its content beside the path of each file that is an input, as Pulumi does: the hash is what a provider
 * compares. Assets of other kinds, and archives, are refused by name. EngineError `configuration` when a file cannot be read.
 */
export function hashAssets(
  properties: PropertyMap,
): { readonly properties: PropertyMap } | { readonly refused: string } {
  let refused: string | undefined;
  const hashed = (value: PropertyValue): PropertyValue => {
    if (!isMap(value)) return mapChildren(value, hashed);
    if (value[envelopeKey] === envelopes.archive) refused ??= "archives";
    if (value[envelopeKey] !== envelopes.asset) return mapChildren(value, hashed);
    const { path } = value;
    if (typeof path === "string" && path !== "") return { ...value, hash: hashOf(path) };
    refused ??= "assets that are not files";
    return value;
  };
  const result = hashed(properties) as PropertyMap;
  return refused === undefined ? { properties: result } : { refused };
}

function hashOf(path: string): string {
  try {
    return createHash("sha256").update(readFileSync(path)).digest("hex");
  } catch (cause) {
    throw new EngineError("configuration", `the file ${path} cannot be read: ${(cause as Error).message}`, { cause });
  }
}
