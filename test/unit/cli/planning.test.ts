import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stepIds, steps, type StepId } from "../../../cli/phases/index.ts";
import { costOf, roundCents } from "../../../cli/planning/cost.ts";
import { planRollback, planSteps, usdAdded, type PlanResult, type StepPlan } from "../../../cli/planning/plan-steps.ts";
import { diffTopologies } from "../../../cli/planning/topology-diff.ts";
import { baseline, topologySchema, type Topology } from "../../../infra/topology/topology.ts";
import { anyTopology } from "../../support/any-topology.ts";

const phase1: Topology = {
  ...baseline,
  tier: "standard",
  database: "paid",
  pooler: "pgbouncer",
  cache: "redis",
  mail: "sendgrid",
  limits: "raised",
};

const idsOf = (phase: number) => steps.filter((step) => step.phase === phase).map(({ id }) => id);
const allDone: Topology = {
  ...phase1,
  tier: "pro",
  instances: 2,
  cdn: "nginx",
  monitoring: "prometheus",
  indexes: "complete",
  mailDelivery: "queue",
  replicas: 1,
  archiving: "daily",
  partitioning: "partitioned",
  queries: "optimised",
};

const anyOrder = fc.shuffledSubarray([...stepIds], { minLength: stepIds.length, maxLength: stepIds.length });

describe("cost of a topology", () => {
  it("takes the steps of all phases up to one in their order, and no phase that there is not", () => {
    const upTo = (to: number): readonly StepId[] => {
      const result = planSteps(baseline, { to }, costOf);
      return result.ok ? result.plan.steps.map(({ id }) => id) : [];
    };
    expect(upTo(1)).toEqual(idsOf(1));
    expect(upTo(3)).toEqual(stepIds);
    expect(planSteps(baseline, { to: 9 }, costOf)).toMatchObject({
      ok: false,
      refusal: { kind: "no-such-phase", phase: 9 },
    });
  });

  it("is 7 a month at the baseline, as the growth plan says", () => {
    expect(costOf(baseline)).toEqual({
      usdPerMonth: 7,
      lines: [
        {
          item: "1 × starter instance",
          usdPerMonth: 7,
          assumption: "0.5 CPU and 512 MiB each, at all hours",
        },
        { item: "PostgreSQL, free plan", usdPerMonth: 0, assumption: "up to 1 GiB, no backups" },
        { item: "Mail by SMTP", usdPerMonth: 0, assumption: "up to 500 mails a day" },
      ],
    });
  });

  it("is 74.95 a month after phase 1: the growth plan's 75", () => {
    const { usdPerMonth, lines } = costOf(phase1);
    expect(usdPerMonth).toBe(74.95);
    expect(lines.map(({ item, usdPerMonth }) => [item, usdPerMonth])).toEqual([
      ["1 × standard instance", 25],
      ["PgBouncer", 0],
      ["PostgreSQL, paid plan", 20],
      ["Redis (Upstash)", 10],
      ["SendGrid Essentials", 19.95],
    ]);
  });

  it("is the sum of its lines, and of what each step adds", () => {
    fc.assert(
      fc.property(anyTopology, anyOrder, (topology, order) => {
        const cost = costOf(topology);
        expect(cost.usdPerMonth).toBe(roundCents(cost.lines.reduce((sum, line) => sum + line.usdPerMonth, 0)));
        const result = planSteps(topology, { steps: order }, costOf);
        if (!result.ok) return;
        const added = result.plan.steps.reduce((sum, step) => sum + usdAdded(step), 0);
        expect(result.plan.usdPerMonthAfter).toBe(roundCents(cost.usdPerMonth + added));
      }),
    );
  });
});

describe("a plan", () => {
  it("takes a phase from the baseline through all of its steps in order", () => {
    const plan = planned(planSteps(baseline, { phase: 1 }, costOf));
    expect(plan.steps.map(({ id }) => id)).toEqual(idsOf(1));
    expect(plan.steps.at(-1)?.after).toEqual(phase1);
    expect([plan.usdPerMonthNow, plan.usdPerMonthAfter, plan.nothingToDo]).toEqual([7, 74.95, []]);
  });

  it("leaves out what is done", () => {
    const plan = planned(
      planSteps({ ...baseline, cache: "redis" }, { steps: ["cache-redis", "tier-standard"] }, costOf),
    );
    expect([plan.steps.map(({ id }) => id), plan.nothingToDo]).toEqual([["tier-standard"], ["cache-redis"]]);
  });

  it("says of each step what changes, what it costs, and what shoppers may notice", () => {
    const [step] = planned(planSteps(baseline, { steps: ["tier-standard"] }, costOf)).steps;
    expect(step).toEqual({
      id: "tier-standard",
      phase: 1,
      title: "1 CPU and 2 GiB for each instance",
      direction: "apply",
      before: baseline,
      after: { ...baseline, tier: "standard" },
      changes: [{ field: "tier", from: "starter", to: "standard" }],
      usdPerMonthBefore: 7,
      usdPerMonthAfter: 25,
      interruption: "none: a larger instance is healthy before the old one is drained",
      risk: "low",
      leadTimeMinutes: 1,
    });
  });

  it("refuses an unknown step and an unknown phase, and names those there are", () => {
    expect(planSteps(baseline, { steps: ["queue"] }, costOf)).toEqual({
      ok: false,
      refusal: { kind: "no-such-step", step: "queue", known: stepIds },
    });
    expect(planSteps(baseline, { phase: 4 }, costOf)).toEqual({
      ok: false,
      refusal: { kind: "no-such-phase", phase: 4, known: [1, 2, 3] },
    });
  });

  it("refuses the paid database before the pooler, and takes both in their order", () => {
    expect(planSteps(baseline, { steps: ["database-paid", "connection-pooler"] }, costOf)).toMatchObject({
      ok: false,
      refusal: { kind: "blocked", step: "database-paid", by: [{ step: "connection-pooler" }] },
    });
    const both = planned(planSteps(baseline, { steps: ["connection-pooler", "database-paid"] }, costOf));
    expect(both.steps.map(({ id }) => id)).toEqual(["connection-pooler", "database-paid"]);
  });

  it("refuses to take the pooler away while the paid database needs it, and names that", () => {
    expect(planRollback(phase1, { steps: ["connection-pooler"] }, costOf)).toMatchObject({
      ok: false,
      refusal: { kind: "needed", step: "connection-pooler", by: [{ step: "database-paid" }] },
    });
    const both = planned(planRollback(phase1, { steps: ["database-paid", "connection-pooler"] }, costOf));
    expect(both.steps.at(-1)?.after).toEqual({ ...phase1, database: "free", pooler: "none" });
  });

  it("ends at the same topology in whatever order the prerequisites allow", () => {
    fc.assert(
      fc.property(anyOrder, (order) => {
        const before = (first: string, then: StepId): boolean =>
          order.findIndex((id) => id === first) < order.indexOf(then);
        const allowed = steps.every((step) => step.needs.every((need) => before(need.step, step.id)));
        const result = planSteps(baseline, { steps: order }, costOf);
        expect(result.ok).toBe(allowed);
        if (result.ok) expect(result.plan.steps.at(-1)?.after).toEqual(allDone);
      }),
    );
  });

  it("leads back to where it began when its steps are rolled back the other way round", () => {
    fc.assert(
      fc.property(anyTopology.filter(isReachable), fc.subarray([...stepIds]), (topology, ids) => {
        const forth = planSteps(topology, { steps: ids }, costOf);
        if (!forth.ok || forth.plan.steps.length === 0) return;
        const taken: readonly StepId[] = forth.plan.steps.map(({ id }) => id);
        const end = forth.plan.steps.at(-1)!.after;
        const back = planned(planRollback(end, { steps: taken.toReversed() }, costOf));
        expect(back.steps.at(-1)?.after).toEqual(topology);
        expect(back.usdPerMonthAfter).toBe(forth.plan.usdPerMonthNow);
      }),
    );
  });

  it("never leaves a valid topology", () => {
    fc.assert(
      fc.property(anyTopology, (topology) => {
        for (const step of steps) {
          expect(topologySchema.safeParse(step.apply(topology)).success).toBe(true);
          if (!step.isDone(topology) && planSteps(topology, { steps: [step.id] }, costOf).ok)
            expect(step.revert(step.apply(topology))).toEqual(topology);
        }
      }),
    );
  });
});

describe("the difference of topologies", () => {
  it("is empty for equal ones and names each field that differs, in the schema's order", () => {
    expect(diffTopologies(baseline, { ...baseline })).toEqual([]);
    expect(diffTopologies(baseline, { ...baseline, limits: "raised", instances: 2 })).toEqual([
      { field: "instances", from: 1, to: 2 },
      { field: "limits", from: "base", to: "raised" },
    ]);
  });
});

/** A topology file may ask for what no order of steps leads to: a step without the one that it needs. */
function isReachable(topology: Topology): boolean {
  const done = (id: string): boolean => steps.some((step) => step.id === id && step.isDone(topology));
  return steps.every((step) => !step.isDone(topology) || step.needs.every((need) => done(need.step)));
}

function planned(result: PlanResult): StepPlan {
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.refusal)}`);
  return result.plan;
}
