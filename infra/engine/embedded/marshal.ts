import structproto from "google-protobuf/google/protobuf/struct_pb.js";
import {
  envelopeKey,
  envelopes,
  isMap,
  isSecret,
  makeSecret,
  mapChildren,
  unknownValue,
  type PropertyMap,
  type PropertyValue,
} from "./property-value.ts";

/** Properties as a protobuf Struct. */
export function toStruct(properties: PropertyMap): structproto.Struct {
  return structproto.Struct.fromJavaScript(properties);
}

/** Properties of a protobuf Struct; none when there is no Struct. */
export function fromStruct(struct: structproto.Struct | undefined): PropertyMap {
  return struct?.toJavaScript() ?? {};
}

/**
 * Replaces output envelopes by what they carry: their value, `unknown`, a secret. `onDependency` gets the URNs that they
 * name. State and providers never see output envelopes.
 */
export function downgradeOutputs(value: PropertyValue, onDependency: (urn: string) => void = () => {}): PropertyValue {
  if (isMap(value) && value[envelopeKey] === envelopes.output) {
    const dependencies = value["dependencies"];
    if (Array.isArray(dependencies)) for (const urn of dependencies as readonly string[]) onDependency(urn);
    const inner = downgradeOutputs(
      value["value"] ?? (Object.hasOwn(value, "value") ? null : unknownValue),
      onDependency,
    );
    return value["secret"] === true && !isSecret(inner) ? makeSecret(inner) : inner;
  }
  return mapChildren(value, (item) => downgradeOutputs(item, onDependency));
}

/** The same for a whole map; URNs are collected for each key. */
export function downgradeProperties(properties: PropertyMap): {
  readonly properties: PropertyMap;
  readonly dependencies: ReadonlyMap<string, ReadonlySet<string>>;
} {
  const dependencies = new Map<string, Set<string>>();
  const downgraded = Object.entries(properties).map(([key, value]) => {
    const urns = new Set<string>();
    const plain = downgradeOutputs(value, (urn) => urns.add(urn));
    dependencies.set(key, urns);
    return [key, plain] as const;
  });
  return { properties: Object.fromEntries(downgraded), dependencies };
}

/** Makes the named outputs secret: those a program listed and, at any depth, those whose inputs were secret. */
export function markSecrets(outputs: PropertyMap, inputs: PropertyMap, additional: readonly string[]): PropertyMap {
  return Object.fromEntries(
    Object.entries(outputs).map(([key, value]) => {
      if (!additional.includes(key)) return [key, markLike(value, inputs[key])];
      return [key, isSecret(value) ? value : makeSecret(value)];
    }),
  );
}

/** As Pulumi: a list goes with its input item by item where both have the same length. */
function markLike(output: PropertyValue, input: PropertyValue | undefined): PropertyValue {
  if (isSecret(output)) return output;
  if (isSecret(input)) return makeSecret(output);
  if (Array.isArray(output) && Array.isArray(input)) {
    const [outputs, inputs] = [output as readonly PropertyValue[], input as readonly PropertyValue[]];
    return outputs.length === inputs.length ? outputs.map((item, at) => markLike(item, inputs[at])) : outputs;
  }
  if (!isMap(output) || !isMap(input)) return output;
  return Object.fromEntries(Object.entries(output).map(([key, item]) => [key, markLike(item, input[key])]));
}
