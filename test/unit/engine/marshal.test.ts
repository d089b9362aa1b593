import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  downgradeOutputs,
  downgradeProperties,
  fromStruct,
  markSecrets,
  toStruct,
} from "../../../infra/engine/embedded/marshal.ts";
import {
  changedKeys,
  containsUnknown,
  envelopeKey,
  envelopes,
  makeSecret,
  propertiesEqual,
  redactSecrets,
  unknownValue,
  withoutSecrets,
  type PropertyMap,
} from "../../../infra/engine/embedded/property-value.ts";

const output = (fields: PropertyMap): PropertyMap => ({ [envelopeKey]: envelopes.output, ...fields });
/** Without `__proto__`, which google-protobuf sets as a prototype when it makes an object of a Struct. */
const properties = fc
  .dictionary(fc.string({ minLength: 1 }), fc.jsonValue({ maxDepth: 3 }))
  .filter((map) => !JSON.stringify(map).includes("__proto__")) as fc.Arbitrary<PropertyMap>;

describe("marshalling", () => {
  it("gives back every property map that it put into a Struct", () => {
    fc.assert(
      fc.property(properties, (map) => {
        expect(propertiesEqual(fromStruct(toStruct(map)), map)).toBe(true);
      }),
    );
  });

  it("has no properties where there is no Struct", () => {
    expect(fromStruct(undefined)).toEqual({});
  });

  it("opens a known output", () => {
    expect(downgradeOutputs(output({ value: { a: [1, "b"] } }))).toEqual({ a: [1, "b"] });
  });

  it("makes an output without a value unknown and keeps a null", () => {
    expect(downgradeOutputs(output({}))).toBe(unknownValue);
    expect(downgradeOutputs(output({ value: null }))).toBeNull();
  });

  it("keeps a secret output secret, known or not, once", () => {
    expect(downgradeOutputs(output({ value: "x", secret: true }))).toEqual(makeSecret("x"));
    expect(downgradeOutputs(output({ secret: true }))).toEqual(makeSecret(unknownValue));
    expect(downgradeOutputs(output({ value: makeSecret("x"), secret: true }))).toEqual(makeSecret("x"));
  });

  it("collects the dependencies of outputs at any depth, by property", () => {
    const { properties: plain, dependencies } = downgradeProperties({
      list: [
        output({ value: 1, dependencies: ["urn:a"] }),
        { deep: output({ value: 2, dependencies: ["urn:b", "urn:a"] }) },
      ],
      plain: "x",
    });
    expect(plain).toEqual({ list: [1, { deep: 2 }], plain: "x" });
    expect([...(dependencies.get("list") ?? [])]).toEqual(["urn:a", "urn:b"]);
    expect([...(dependencies.get("plain") ?? [])]).toEqual([]);
  });

  it("makes outputs secret at the depth at which their inputs were", () => {
    expect(markSecrets({ a: [{ b: "x", c: 1 }] }, { a: [{ b: makeSecret("x"), c: 1 }] }, [])).toEqual({
      a: [{ b: makeSecret("x"), c: 1 }],
    });
    expect(markSecrets({ a: ["x", "y"] }, { a: [makeSecret("x")] }, [])).toEqual({ a: ["x", "y"] });
  });

  it("makes outputs secret that were secret inputs or are listed", () => {
    expect(markSecrets({ a: 1, b: 2, c: makeSecret(3), d: 4 }, { a: makeSecret(0), d: 4 }, ["b", "c"])).toEqual({
      a: makeSecret(1),
      b: makeSecret(2),
      c: makeSecret(3),
      d: 4,
    });
  });
});

describe("property values", () => {
  it("are equal whatever the order of their keys", () => {
    expect(propertiesEqual({ a: 1, b: { c: [1, 2], d: 2 } }, { b: { d: 2, c: [1, 2] }, a: 1 })).toBe(true);
    expect(propertiesEqual({ a: [1, 2] }, { a: [2, 1] })).toBe(false);
    expect(propertiesEqual({ a: null }, {})).toBe(false);
    expect(propertiesEqual([], {})).toBe(false);
  });

  it("name the keys that changed", () => {
    expect(changedKeys({ a: 1, b: 2, c: 3 }, { b: 2, c: 4, d: 5 })).toEqual(["a", "c", "d"]);
  });

  it("find an unknown inside a secret inside a list", () => {
    expect(containsUnknown({ a: [makeSecret({ b: unknownValue })] })).toBe(true);
    expect(containsUnknown({ a: [makeSecret("x")] })).toBe(false);
  });

  it("open or hide secrets at any depth", () => {
    const value = { a: [makeSecret({ b: makeSecret("x") })], c: 1 };
    expect(withoutSecrets(value)).toEqual({ a: [{ b: "x" }], c: 1 });
    expect(redactSecrets(value)).toEqual({ a: ["[secret]"], c: 1 });
  });
});
