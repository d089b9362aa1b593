import { describe, expect, it } from "vitest";
import { queryOptimisation } from "../../../cli/phases/query-optimisation.ts";
import { baseline } from "../../../infra/topology/topology.ts";
import { phase1Host } from "./observations.ts";

const two = (first: string, second: string) => ({
  ...phase1Host,
  queryForms: { "web-1-aaaa": first, "web-2-bbbb": second },
});

describe("step query-optimisation", () => {
  it("changes only what it names, and its way back undoes exactly that", () => {
    const after = queryOptimisation.apply(baseline);
    expect(after).toEqual({ ...baseline, queries: "optimised" });
    expect(queryOptimisation.revert(after)).toEqual(baseline);
    expect([queryOptimisation.isDone(baseline), queryOptimisation.isDone(after)]).toEqual([false, true]);
  });

  it("is proven when every instance says that it sends the optimised form", () => {
    expect(queryOptimisation.verify(two("optimised", "optimised")).map(({ ok }) => ok)).toEqual([true]);
    expect(queryOptimisation.verify(two("optimised", "plain"))).toEqual([
      {
        what: "form of the statements that instances send",
        ok: false,
        found: "web-1-aaaa: optimised, web-2-bbbb: plain",
        expected: "optimised",
      },
    ]);
  });

  it("is undone at the baseline, and neither proven nor undone by instances that say nothing", () => {
    expect(queryOptimisation.verifyUndone(phase1Host).map(({ ok }) => ok)).toEqual([true]);
    const { queryForms: _unknown, ...silent } = phase1Host;
    const proofs = [...queryOptimisation.verify(silent), ...queryOptimisation.verifyUndone(silent)];
    expect(proofs.map(({ ok, found }) => [ok, found])).toEqual([
      [false, "no answer"],
      [false, "no answer"],
    ]);
    // A release from before there were two forms.
    expect(queryOptimisation.verify(two("", "optimised"))).toMatchObject([
      { ok: false, found: "web-1-aaaa: unknown, web-2-bbbb: optimised" },
    ]);
  });
});
