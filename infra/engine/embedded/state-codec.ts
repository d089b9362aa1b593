import type { StateResource } from "../engine.ts";
import { EngineError } from "../engine.ts";
import type { Crypter } from "../passphrase-crypter.ts";
import {
  envelopeKey,
  envelopes,
  isMap,
  isSecret,
  makeSecret,
  type PropertyMap,
  type PropertyValue,
} from "./property-value.ts";
import type { ResourceState } from "./resource-state.ts";

/**
 * Between a resource and its form in the state file, where secrets are encrypted. Ciphertexts are reused as long as the
 * value at their place stays the same, so that an unchanged resource keeps its text. The cache is by place: one by value
 * would show which secrets are alike.
 */
export class StateCodec {
  readonly #crypter: Crypter;
  readonly #ciphertexts = new Map<string, { readonly plaintext: string; readonly ciphertext: string }>();

  constructor(crypter: Crypter) {
    this.#crypter = crypter;
  }

  /** EngineError `state-corrupt` when a secret does not authenticate; `unsupported` for what this engine cannot carry. */
  decode(resource: StateResource): ResourceState {
    for (const field of ["external", "taint", "viewOf", "replacementTrigger", "extensionRef", "resourceHooks"]) {
      if (resource[field]) throw new EngineError("unsupported", `${field} in the state of ${resource.urn}`);
    }
    const { inputs, outputs, ...rest } = resource;
    return {
      ...rest,
      inputs: this.decodeProperties(inputs ?? {}, `${resource.urn} inputs`),
      outputs: this.decodeProperties(outputs ?? {}, `${resource.urn} outputs`),
    };
  }

  encode(resource: ResourceState): StateResource {
    // The order of keys is the one Pulumi writes, so that two exports compare well.
    const { urn, custom, delete: condemned, id, type, inputs, outputs, ...rest } = resource;
    return withoutEmpty({
      urn,
      custom,
      delete: condemned,
      id,
      type,
      inputs: this.#encode(inputs, `${urn} inputs`),
      outputs: this.#encode(outputs, `${urn} outputs`),
      ...rest,
    }) as StateResource;
  }

  decodeProperties(properties: Readonly<Record<string, unknown>>, place: string): PropertyMap {
    return this.#decode(properties as PropertyMap, place) as PropertyMap;
  }

  #decode(value: PropertyValue, place: string): PropertyValue {
    if (Array.isArray(value)) {
      return (value as readonly PropertyValue[]).map((item, index) => this.#decode(item, `${place}.${index}`));
    }
    if (!isMap(value)) return value;
    if (value[envelopeKey] === envelopes.secret) return this.#decrypt(value, place);
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.#decode(item, `${place}.${key}`)]));
  }

  #decrypt(envelope: PropertyMap, place: string): PropertyValue {
    const { ciphertext, plaintext } = envelope;
    if (typeof plaintext === "string") return makeSecret(openNested(JSON.parse(plaintext) as PropertyValue));
    if (typeof ciphertext !== "string")
      throw new EngineError("state-corrupt", `the secret at ${place} has no ciphertext`);
    try {
      const text = this.#crypter.decrypt(ciphertext);
      this.#ciphertexts.set(place, { plaintext: text, ciphertext });
      return makeSecret(openNested(JSON.parse(text) as PropertyValue));
    } catch (cause) {
      throw new EngineError("state-corrupt", `the secret at ${place} cannot be decrypted: it was changed`, { cause });
    }
  }

  #encode(value: PropertyValue, place: string): PropertyValue {
    if (Array.isArray(value)) {
      return (value as readonly PropertyValue[]).map((item, index) => this.#encode(item, `${place}.${index}`));
    }
    if (!isMap(value)) return value;
    if (isSecret(value)) return { [envelopeKey]: envelopes.secret, ciphertext: this.#encrypt(value.value, place) };
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.#encode(item, `${place}.${key}`)]));
  }

  #encrypt(value: PropertyValue, place: string): string {
    const plaintext = JSON.stringify(closeNested(value));
    const known = this.#ciphertexts.get(place);
    if (known?.plaintext === plaintext) return known.ciphertext;
    const ciphertext = this.#crypter.encrypt(plaintext);
    this.#ciphertexts.set(place, { plaintext, ciphertext });
    return ciphertext;
  }
}

/** A secret inside a secret is not encrypted again: Pulumi keeps its JSON where the ciphertext would stand. */
function closeNested(value: PropertyValue): PropertyValue {
  if (isSecret(value)) return { [envelopeKey]: envelopes.secret, ciphertext: JSON.stringify(closeNested(value.value)) };
  return eachChild(value, closeNested);
}

function openNested(value: PropertyValue): PropertyValue {
  if (isMap(value) && value[envelopeKey] === envelopes.secret) {
    return makeSecret(openNested(JSON.parse(value["ciphertext"] as string) as PropertyValue));
  }
  return eachChild(value, openNested);
}

function eachChild(value: PropertyValue, change: (item: PropertyValue) => PropertyValue): PropertyValue {
  if (Array.isArray(value)) return (value as readonly PropertyValue[]).map(change);
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, change(item)]));
}

function withoutEmpty(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([key, value]) => key === "custom" || !isEmpty(value)));
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === "" || value === false) return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}
