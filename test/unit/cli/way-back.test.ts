import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { phases, stepIds, stepOf, steps } from "../../../cli/phases/index.ts";
import { costOf } from "../../../cli/planning/cost.ts";
import { planRollback } from "../../../cli/planning/plan-steps.ts";
import { wayBack } from "../../../cli/planning/way-back.ts";
import { baseline, type Topology } from "../../../infra/topology/topology.ts";

const all: Topology = steps.reduce((topology, step) => step.apply(topology), baseline);

describe("the way back", () => {
  it("to 0 takes every done step back, the last first", () => {
    expect(wayBack(all, "0")).toEqual({ ok: true, steps: stepIds.toReversed() });
  });

  it("to a step leaves that one and what comes before it", () => {
    expect(wayBack(all, "database-paid")).toEqual({
      ok: true,
      steps: stepIds.slice(stepIds.indexOf("database-paid") + 1).toReversed(),
    });
  });

  it("to a phase leaves that phase", () => {
    const last = phases.at(-1);
    expect(wayBack(all, String(last))).toEqual({ ok: true, steps: [] });
  });

  it("goes to no step that is not done, and to none that does not exist", () => {
    expect(wayBack(baseline, "cache-redis")).toEqual({ ok: false, refusal: { kind: "not-done", step: "cache-redis" } });
    expect(wayBack(all, "cach")).toEqual({
      ok: false,
      refusal: { kind: "no-such-step", step: "cach", known: stepIds },
    });
    expect(wayBack(all, "9")).toEqual({
      ok: false,
      refusal: { kind: "no-such-phase", phase: 9, known: [0, ...phases] },
    });
  });

  it("is a plan from wherever it begins, and ends at the baseline: also when it was killed half-way", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: steps.length }), (left) => {
        const from = steps.slice(0, left).reduce<Topology>((topology, step) => step.apply(topology), baseline);
        const way = wayBack(from, "0");
        if (!way.ok) throw new Error("refused");
        const plan = planRollback(from, { steps: way.steps }, costOf);
        expect(plan.ok && (plan.plan.steps.at(-1)?.after ?? from)).toEqual(baseline);
      }),
    );
  });

  it("never takes away what is still needed: no step stands before one that it needs", () => {
    for (const { id } of steps) {
      const before = stepIds.slice(0, stepIds.indexOf(id));
      expect(before).toEqual(expect.arrayContaining(stepOf(id).needs.map(({ step }) => step)));
    }
  });
});
