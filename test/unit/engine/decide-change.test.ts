import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decideChange, diffOfInputs, type Situation } from "../../../infra/engine/embedded/decide-change.ts";

const keys = fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 3 });
const situations: fc.Arbitrary<Situation> = fc.record({
  old: fc.option(fc.record({ protect: fc.boolean(), pendingReplacement: fc.boolean(), initErrors: fc.boolean() }), {
    nil: undefined,
  }),
  new: fc.record({
    protect: fc.boolean(),
    deleteBeforeReplace: fc.option(fc.boolean(), { nil: undefined }),
    replaceOnChanges: fc.array(fc.constantFrom("a", "b", "*"), { maxLength: 2 }),
  }),
  deletedBefore: fc.boolean(),
  diff: fc.record({
    changes: fc.constantFrom("none", "some"),
    replaceKeys: keys,
    changedKeys: keys,
    deleteBeforeReplace: fc.boolean(),
  }),
});

const calm = { protect: false, pendingReplacement: false, initErrors: false };
const noWish = { protect: false, deleteBeforeReplace: undefined, replaceOnChanges: [] };
const noDiff = { changes: "none", replaceKeys: [], changedKeys: [], deleteBeforeReplace: false } as const;

describe("what to do with a registered resource", () => {
  it("creates exactly what has no old state", () => {
    fc.assert(
      fc.property(
        situations,
        (situation) => (decideChange(situation).kind === "create") === (situation.old === undefined),
      ),
    );
  });

  it("makes again exactly what was deleted ahead of a replacement", () => {
    fc.assert(
      fc.property(situations, (situation) => {
        const again = situation.old !== undefined && situation.deletedBefore;
        return (decideChange(situation).kind === "recreate") === again;
      }),
    );
  });

  it("never replaces what is protected before and after", () => {
    fc.assert(
      fc.property(situations, (situation) => {
        const guarded = situation.old?.protect === true && situation.new.protect;
        return !(guarded && decideChange(situation).kind === "replace");
      }),
    );
  });

  it("leaves alone what did not change, came up well and is not half replaced", () => {
    fc.assert(
      fc.property(situations, (situation) => {
        const old = { ...calm, protect: situation.old?.protect ?? false };
        const diff = { ...situation.diff, changes: "none" as const };
        return decideChange({ ...situation, old, diff, deletedBefore: false }).kind === "same";
      }),
    );
  });

  it("takes the program's word on the order of a replacement over the provider's", () => {
    fc.assert(
      fc.property(situations, fc.boolean(), (situation, deleteBeforeReplace) => {
        const decision = decideChange({ ...situation, new: { ...situation.new, deleteBeforeReplace } });
        return decision.kind !== "replace" || decision.deleteFirst === deleteBeforeReplace;
      }),
    );
  });

  it("replaces on a change of a property that the program names, also inside it", () => {
    const diff = { ...noDiff, changes: "some", changedKeys: ["a.b[0]"] } as const;
    const replaceOnChanges = ["a"];
    expect(decideChange({ old: calm, new: { ...noWish, replaceOnChanges }, deletedBefore: false, diff })).toEqual({
      kind: "replace",
      changedKeys: ["a.b[0]"],
      deleteFirst: false,
    });
    expect(decideChange({ old: calm, new: noWish, deletedBefore: false, diff }).kind).toBe("update");
  });

  it("finishes a replacement whose first half was done, without any change", () => {
    const old = { ...calm, pendingReplacement: true };
    expect(decideChange({ old, new: noWish, deletedBefore: false, diff: noDiff }).kind).toBe("replace");
  });

  it("updates what did not come up the last time, without any change", () => {
    const old = { ...calm, initErrors: true };
    expect(decideChange({ old, new: noWish, deletedBefore: false, diff: noDiff }).kind).toBe("update");
  });

  it("compares inputs where nobody else has an opinion", () => {
    expect(diffOfInputs({ a: 1, b: 2 }, { b: 2, a: 1 }).changes).toBe("none");
    expect(diffOfInputs({ a: 1, b: 2 }, { a: 1, b: 3 })).toEqual({ ...noDiff, changes: "some", changedKeys: ["b"] });
  });
});
