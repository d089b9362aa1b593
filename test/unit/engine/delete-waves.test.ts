import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { deleteWaves, dependentsOf, dependsOn } from "../../../infra/engine/embedded/delete-waves.ts";
import type { ResourceState } from "../../../infra/engine/embedded/resource-state.ts";

const resource = (name: string, more: Partial<ResourceState> = {}): ResourceState => ({
  urn: `urn:pulumi:dev::shop::t:m:T::${name}`,
  type: "t:m:T",
  custom: true,
  id: name,
  inputs: {},
  outputs: {},
  ...more,
});

/** States in which each resource depends on some that stand before it. */
const states: fc.Arbitrary<{ all: ResourceState[]; condemned: Set<ResourceState> }> = fc
  .array(fc.tuple(fc.array(fc.nat(20), { maxLength: 4 }), fc.boolean(), fc.boolean()), { maxLength: 15 })
  .map((rows) => {
    const all: ResourceState[] = [];
    const condemned = new Set<ResourceState>();
    for (const [index, [edges, asParent, isCondemned]] of rows.entries()) {
      const urns = index === 0 ? [] : edges.map((edge) => all[edge % index]!.urn);
      const [first, ...rest] = urns;
      const parent = asParent && first !== undefined ? { parent: first } : {};
      const state = resource(`r${index}`, { ...parent, dependencies: asParent ? rest : urns });
      all.push(state);
      if (isCondemned) condemned.add(state);
    }
    return { all, condemned };
  });

describe("the order of deletions", () => {
  it("deletes each condemned resource once and nothing else", () => {
    fc.assert(
      fc.property(states, ({ all, condemned }) => {
        const flat = deleteWaves(all, condemned).flat();
        expect(flat.length).toBe(condemned.size);
        expect(new Set(flat)).toEqual(condemned);
      }),
    );
  });

  it("never deletes a resource before or beside what depends on it", () => {
    fc.assert(
      fc.property(states, ({ all, condemned }) => {
        const waves = deleteWaves(all, condemned);
        const waveOf = new Map(waves.flatMap((wave, index) => wave.map((state) => [state, index] as const)));
        for (const state of condemned) {
          for (const dependent of condemned) {
            if (dependsOn(dependent, state)) expect(waveOf.get(dependent)!).toBeLessThan(waveOf.get(state)!);
          }
        }
      }),
    );
  });

  it("deletes what is independent at the same time", () => {
    const [a, b, c] = [resource("a"), resource("b"), resource("c", {})];
    expect(deleteWaves([a, b, c], new Set([a, b, c]))).toHaveLength(1);
  });

  it("deletes a provider after its resources, and the old of two by their ids", () => {
    const urn = "urn:pulumi:dev::shop::pulumi:providers:t::default";
    const [oldProvider, newProvider] = ["1", "2"].map((id) =>
      resource("default", { urn, id, type: "pulumi:providers:t" }),
    );
    const thing = resource("thing", { provider: `${urn}::1` });
    expect(deleteWaves([oldProvider!, newProvider!, thing], new Set([oldProvider!, newProvider!, thing]))).toEqual([
      [thing, newProvider],
      [oldProvider],
    ]);
  });

  it("finds dependents of dependents, but not a mere child", () => {
    const root = resource("root");
    const direct = resource("direct", { propertyDependencies: { a: [root.urn] } });
    const indirect = resource("indirect", { dependencies: [direct.urn] });
    const child = resource("child", { parent: root.urn });
    expect(dependentsOf([root, child, direct, indirect], root)).toEqual([direct, indirect]);
  });
});
