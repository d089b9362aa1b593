import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { priceOn, targetNames } from "../../../cli/planning/cost.ts";
import { movedBetween, type PlanBinding } from "../../../cli/planning/plan-binding.ts";
import { planTarget } from "../../../cli/planning/plan-target.ts";
import { openPlan, sealPlan, type PlanContent } from "../../../cli/planning/saved-plan.ts";
import { baseline } from "../../../infra/topology/topology.ts";
import { anyTopology } from "../../support/any-topology.ts";

const bound: PlanBinding = {
  code: { shopctl: "0.1.0", release: "0123456789ab", infrastructure: "ba9876543210" },
  state: { deployment: "f".repeat(64) },
  topology: baseline,
  metrics: { takenAt: "2026-01-01T00:00:00.000Z", verdicts: { "cache-redis": "due" } },
  prices: { now: [{ item: "instance", usdPerMonth: 7 }], after: [{ item: "instance", usdPerMonth: 17 }] },
};
const content: PlanContent = {
  environment: "shop",
  createdAt: "2026-01-01T00:00:00.000Z",
  steps: [
    {
      id: "cache-redis",
      before: baseline,
      after: { ...baseline, cache: "redis" },
      usdPerMonthBefore: 7,
      usdPerMonthAfter: 17,
      resources: [{ operation: "create", type: "shopctl:local:Redis", name: "redis", changedKeys: [] }],
    },
  ],
  boundTo: bound,
};

describe("a saved plan", () => {
  it("opens as it was sealed, however its file is laid out", () => {
    expect(openPlan(sealPlan(content))).toEqual({ ok: true, content });
    expect(openPlan(JSON.stringify(JSON.parse(sealPlan(content))))).toEqual({ ok: true, content });
  });

  it("does not open when a value was changed after it was saved", () => {
    const changed = sealPlan(content).replace('"usdPerMonthAfter": 17', '"usdPerMonthAfter": 7');
    expect(openPlan(changed)).toEqual({
      ok: false,
      why: "its content does not match its checksum: it was changed after it was saved",
    });
  });

  it("does not open when it is torn, or says more than its schema", () => {
    const text = sealPlan(content);
    expect(openPlan(text.slice(0, -20))).toEqual({ ok: false, why: "it is not JSON: torn, or no plan" });
    expect(openPlan(text.replace('"environment"', '"extra": 1, "environment"'))).toMatchObject({ ok: false });
    expect(openPlan(text.replace("saved-plan/1", "saved-plan/2"))).toMatchObject({ ok: false });
  });
});

describe("what a plan is bound to", () => {
  it("has not moved while nothing changes; a forward look at the evidence is no change", () => {
    expect(movedBetween(bound, bound)).toEqual([]);
    const { metrics: _later, ...rest } = bound;
    expect(movedBetween(bound, rest)).toEqual([]);
  });

  it.each<[keyof PlanBinding, Partial<PlanBinding>, { was: string; is: string }]>([
    [
      "code",
      { code: { ...bound.code, release: "ffffffffffff" } },
      {
        was: "infrastructure ba9876543210, release 0123456789ab, shopctl 0.1.0",
        is: "infrastructure ba9876543210, release ffffffffffff, shopctl 0.1.0",
      },
    ],
    ["state", { state: { deployment: "e".repeat(64) } }, { was: "f".repeat(12), is: "e".repeat(12) }],
    ["topology", { topology: { ...baseline, limits: "raised" } }, { was: "limits base", is: "limits raised" }],
    [
      "prices",
      { prices: { ...bound.prices, after: [{ item: "instance", usdPerMonth: 18 }] } },
      { was: "instance 17.00", is: "instance 18.00" },
    ],
    [
      "metrics",
      { metrics: { takenAt: "2026-01-01T01:00:00.000Z", verdicts: { "cache-redis": "not-yet" } } },
      { was: "cache-redis due", is: "cache-redis not-yet" },
    ],
    [
      "metrics",
      { metrics: { ...bound.metrics, takenAt: "2026-01-02T01:00:00.000Z" } },
      { was: "evidence of 2026-01-01T00:00:00.000Z", is: "25 hours old" },
    ],
  ])("says that %s moved, from what to what", (what, change, expected) => {
    expect(movedBetween(bound, { ...bound, ...change })).toEqual([{ what, ...expected }]);
  });

  it("is not contradicted by evidence that it was made without", () => {
    const was = {
      ...bound,
      metrics: { ...bound.metrics, verdicts: { "cache-redis": "insufficient-evidence" as const } },
    };
    expect(movedBetween(was, bound)).toEqual([]);
  });

  it("shows where its environment runs, also when prices moved since", () => {
    fc.assert(
      fc.property(
        anyTopology,
        fc.constantFrom(...targetNames),
        fc.double({ min: 0, max: 9 }),
        (topology, target, by) => {
          const now = priceOn(target)(topology).lines.map(({ item, usdPerMonth }) => ({
            item,
            usdPerMonth: usdPerMonth + by,
          }));
          expect(planTarget({ topology, prices: { now, after: [] } })).toBe(target);
        },
      ),
    );
    expect(planTarget(bound)).toBeUndefined();
  });
});
