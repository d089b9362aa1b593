import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { aliasUrns } from "../../../infra/engine/embedded/alias.ts";
import { findDamage, magicOf } from "../../../infra/engine/embedded/check-deployment.ts";
import { ignoreChanges } from "../../../infra/engine/embedded/ignore-changes.ts";
import { envelopeKey, envelopes, makeSecret } from "../../../infra/engine/embedded/property-value.ts";
import { Snapshot } from "../../../infra/engine/embedded/snapshot.ts";
import { StateCodec } from "../../../infra/engine/embedded/state-codec.ts";
import type { ResourceState } from "../../../infra/engine/embedded/resource-state.ts";
import { isDefaultProvider, makeUrn, nameOf, packageOf, parseReference } from "../../../infra/engine/embedded/urn.ts";
import { canonicalJson } from "../../../infra/engine/canonical-json.ts";
import { createCrypter } from "../../../infra/engine/passphrase-crypter.ts";

const scope = { stack: "dev", project: "shop" };
const crypter = await createCrypter("test", Buffer.from("01234567"));
const stack = makeUrn(scope, undefined, "pulumi:pulumi:Stack", "shop-dev");
const resource = (urn: string, more: Partial<ResourceState> = {}): ResourceState => ({
  urn,
  type: "t:m:T",
  custom: true,
  id: "1",
  inputs: {},
  outputs: {},
  ...more,
});

describe("URNs", () => {
  it("carry the types of their parents, but not the stack's", () => {
    const component = makeUrn(scope, stack, "my:Component", "c");
    expect(component).toBe("urn:pulumi:dev::shop::my:Component::c");
    expect(makeUrn(scope, component, "t:m:T", "x::y")).toBe("urn:pulumi:dev::shop::my:Component$t:m:T::x::y");
    expect(nameOf("urn:pulumi:dev::shop::my:Component$t:m:T::x::y")).toBe("x::y");
  });

  it("tell packages and default providers", () => {
    expect([packageOf("shopctl:local:Redis"), packageOf("pulumi:providers:shopctl")]).toEqual(["shopctl", "shopctl"]);
    expect(isDefaultProvider("urn:pulumi:dev::shop::pulumi:providers:t::default")).toBe(true);
    expect(isDefaultProvider("urn:pulumi:dev::shop::pulumi:providers:t::default_1_2_3")).toBe(true);
    expect(isDefaultProvider("urn:pulumi:dev::shop::pulumi:providers:t::mine")).toBe(false);
    expect(parseReference("urn:a::b::c::id-1")).toEqual({ urn: "urn:a::b::c", id: "id-1" });
  });
});

describe("aliases", () => {
  const identity = { type: "t:m:T", name: "new", parent: undefined };

  it("fill in what they leave out from the resource", () => {
    expect(aliasUrns(scope, identity, [{ name: "old" }, { type: "t:m:Old" }, { urn: "urn:x" }], undefined)).toEqual([
      "urn:pulumi:dev::shop::t:m:T::old",
      "urn:pulumi:dev::shop::t:m:Old::new",
      "urn:x",
    ]);
  });

  it("follow a renamed parent, in the child's name too", () => {
    const parent = makeUrn(scope, undefined, "my:C", "app");
    const parentAlias = makeUrn(scope, undefined, "my:C", "web");
    expect(aliasUrns(scope, { type: "t:m:T", name: "app-disk", parent }, [], parentAlias)).toEqual([
      "urn:pulumi:dev::shop::my:C$t:m:T::web-disk",
    ]);
  });
});

describe("the form of the state", () => {
  it("encrypts secrets, opens them again and keeps their text while they stay the same", () => {
    const codec = new StateCodec(crypter);
    const state = resource("urn:a", { inputs: { plain: 1, secret: makeSecret({ deep: makeSecret("hidden") }) } });
    const encoded = codec.encode(state);
    expect(JSON.stringify(encoded)).not.toContain("hidden");
    expect(codec.decode(encoded)).toMatchObject({ inputs: state.inputs, urn: "urn:a", id: "1" });
    expect(codec.encode(state)).toEqual(encoded);
    const changed = codec.encode({ ...state, inputs: { ...state.inputs, secret: makeSecret("other") } });
    expect(changed.inputs?.["secret"]).not.toEqual(encoded.inputs?.["secret"]);
  });

  it("refuses a secret that was changed and what it cannot carry", () => {
    const codec = new StateCodec(crypter);
    const secret = { [envelopeKey]: envelopes.secret, ciphertext: "v1:AAAAAAAAAAAAAAAA:AAAAAAAAAAAAAAAAAAAAAAAA" };
    const base = { urn: "urn:a", type: "t:m:T", custom: true };
    expect(() => codec.decode({ ...base, inputs: { secret } })).toThrow(
      expect.objectContaining({ code: "state-corrupt" }),
    );
    expect(() => codec.decode({ ...base, external: true })).toThrow(
      expect.objectContaining({ code: "unsupported", message: "external in the state of urn:a" }),
    );
  });

  it("leaves out what is empty, as Pulumi does", () => {
    const codec = new StateCodec(crypter);
    expect(codec.encode(resource("urn:a", { custom: false, id: "", dependencies: [], protect: false }))).toEqual({
      urn: "urn:a",
      custom: false,
      type: "t:m:T",
    });
  });

  it("is sound only when dependencies stand before dependents, providers are there and URNs are single", () => {
    const manifest = { magic: magicOf("v1"), version: "v1" };
    const check = (...resources: Parameters<typeof toStates>): string | undefined =>
      findDamage({ manifest, resources: toStates(...resources) });
    const toStates = (...list: Partial<ResourceState>[]): never =>
      list.map((each) => ({ ...resource("urn:a"), ...each })) as never;
    expect(check({ urn: "urn:a" }, { urn: "urn:b", dependencies: ["urn:a"] })).toBeUndefined();
    expect(check({ urn: "urn:b", dependencies: ["urn:a"] }, { urn: "urn:a" })).toBe(
      "urn:b depends on urn:a, which does not stand before it",
    );
    expect(check({ urn: "urn:a" }, { urn: "urn:a" })).toBe("urn:a stands in it twice");
    expect(check({ urn: "urn:a" }, { urn: "urn:a", delete: true })).toBeUndefined();
    expect(check({ urn: "urn:a", provider: "urn:p::1" })).toBe("urn:a names a provider that is not there");
    expect(findDamage({ manifest: { magic: "x", version: "v1" } })).toBe(
      "the manifest's magic does not match its version",
    );
    expect(magicOf("v1")).toBe(createHash("sha256").update("v1").digest("hex"));
    expect(findDamage({ manifest: { magic: "", version: "" } })).toBeUndefined();
  });

  it("follows renamed resources in the edges of others", () => {
    const snapshot = new Snapshot({
      base: [resource("urn:b", { dependencies: ["urn:old"], parent: "urn:old", provider: "urn:old::7" })],
      codec: new StateCodec(crypter),
      encryptionSalt: "salt",
      savedAtMs: 0,
      save: async () => {},
    });
    snapshot.rename("urn:old", "urn:new");
    expect(snapshot.deployment().deployment.resources?.[0]).toMatchObject({
      dependencies: ["urn:new"],
      parent: "urn:new",
      provider: "urn:new::7",
    });
  });

  it("is dated after the state that it began with although the clock was set back", () => {
    const savedAtMs = Date.now() + 3_600_000;
    const snapshot = new Snapshot({
      base: [],
      codec: new StateCodec(crypter),
      encryptionSalt: "salt",
      savedAtMs,
      save: async () => {},
    });
    const times = [snapshot.deployment(), snapshot.deployment()].map(
      ({ deployment }) => (deployment["manifest"] as { time: string }).time,
    );
    expect(times).toEqual([savedAtMs + 1, savedAtMs + 2].map((ms) => new Date(ms).toISOString()));
  });

  it("shares writes between callers that come together", async () => {
    let writes = 0;
    const save = async (): Promise<void> => {
      writes += 1;
      await new Promise((wake) => setImmediate(wake));
    };
    const snapshot = new Snapshot({
      base: [],
      codec: new StateCodec(crypter),
      encryptionSalt: "salt",
      savedAtMs: 0,
      save,
    });
    await Promise.all(
      Array.from({ length: 20 }, async (_, index) => await snapshot.begin("creating", resource(`urn:${index}`))),
    );
    expect(writes).toBe(2);
    expect(snapshot.deployment().deployment.pending_operations).toHaveLength(20);
  });
});

describe("ignored changes", () => {
  it("keep the old value at a path that both have", () => {
    const [olds, news] = [
      { a: 1, b: { c: [1, { d: 2 }] } },
      { a: 2, b: { c: [3, { d: 4 }] } },
    ];
    expect(ignoreChanges(olds, news, ["a", "b.c[1].d"])).toEqual({ a: 1, b: { c: [3, { d: 2 }] } });
    expect(ignoreChanges(olds, news, ["b.c[7]", 'b["x"].y'])).toEqual(news);
    expect(ignoreChanges({}, { a: 2 }, ["a"])).toEqual({});
    expect(() => ignoreChanges(olds, news, ["b.*"])).toThrow(expect.objectContaining({ code: "unsupported" }));
  });
});

describe("configuration values as text", () => {
  it("are spelled as Go spells them", () => {
    expect(canonicalJson({ b: [1, { d: "<&>", c: null }], a: true, gone: undefined })).toBe(
      '{"a":true,"b":[1,{"c":null,"d":"\\u003c\\u0026\\u003e"}]}',
    );
  });
});
