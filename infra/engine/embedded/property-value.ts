/**
 * A property as it goes over Pulumi's wire: JSON with three kinds of envelope (secret, resource reference, output) and
 * one magic string for what a preview cannot know. The engine keeps values in this form; nothing has to be converted.
 */
export type PropertyValue = null | boolean | number | string | readonly PropertyValue[] | PropertyMap;
export interface PropertyMap {
  readonly [key: string]: PropertyValue;
}

/** Key of every envelope and the kinds; fixed by Pulumi's protocol (sdk/go/common/resource/sig). */
export const envelopeKey = "4dabf18193072939515e22adb298388d";
export const envelopes = {
  secret: "1b47061264138c4ac30d75fd1eb44270",
  resource: "5cf8f73096256a8f31e491e813e4eb8e",
  output: "d0e6a833031e9bbcd3f4e8bde6ca49a4",
  asset: "c44067f5952c0a294b673a41bacd8c17",
  archive: "0def7320c3a5731c473e5ecbe6d01bc7",
} as const;
/** Stands for a value that only an update will know. */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export interface SecretEnvelope extends PropertyMap {
  readonly value: PropertyValue;
}

export function isMap(value: PropertyValue | undefined): value is PropertyMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isSecret(value: PropertyValue | undefined): value is SecretEnvelope {
  return isMap(value) && value[envelopeKey] === envelopes.secret;
}

export function makeSecret(value: PropertyValue): SecretEnvelope {
  return { [envelopeKey]: envelopes.secret, value };
}

/** Whether something in the value, at any depth, is unknown. */
export function containsUnknown(value: PropertyValue): boolean {
  if (value === unknownValue) return true;
  return children(value).some(containsUnknown);
}

/** The value with every secret envelope opened. */
export function withoutSecrets(value: PropertyValue): PropertyValue {
  if (isSecret(value)) return withoutSecrets(value.value);
  return mapChildren(value, withoutSecrets);
}

/** The value with every secret replaced by `[secret]`. */
export function redactSecrets(value: PropertyValue): PropertyValue {
  return isSecret(value) ? "[secret]" : mapChildren(value, redactSecrets);
}

/** Deep equality that ignores the order of keys. */
export function propertiesEqual(a: PropertyValue | undefined, b: PropertyValue | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    return (
      a.length === b.length &&
      a.every((item, index) => propertiesEqual(item as PropertyValue, b[index] as PropertyValue))
    );
  }
  if (!isMap(a) || !isMap(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && propertiesEqual(a[key], b[key]))
  );
}

/** Keys whose values differ, in alphabetical order. */
export function changedKeys(before: PropertyMap, after: PropertyMap): readonly string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].filter((key) => !propertiesEqual(before[key], after[key])).toSorted();
}

export function mapChildren(value: PropertyValue, change: (item: PropertyValue) => PropertyValue): PropertyValue {
  if (Array.isArray(value)) return (value as readonly PropertyValue[]).map(change);
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, change(item)]));
}

function children(value: PropertyValue): readonly PropertyValue[] {
  if (Array.isArray(value)) return value as readonly PropertyValue[];
  return isMap(value) ? Object.values(value) : [];
}
