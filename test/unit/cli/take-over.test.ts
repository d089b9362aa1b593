import { describe, expect, it } from "vitest";
import { costOf } from "../../../cli/planning/cost.ts";
import { planRollback, planSteps, type PlannedStep } from "../../../cli/planning/plan-steps.ts";
import type { Stage, StepRecord } from "../../../cli/rollout/step-record.ts";
import { startingFrom, takeOver } from "../../../cli/rollout/take-over.ts";
import { baseline, type Topology } from "../../../infra/topology/topology.ts";

const after: Topology = { ...baseline, cache: "redis" };

describe("taking over a run that was killed", () => {
  it("has nothing to do after a run that ended", () => {
    expect(takeOver(undefined, baseline, wanted("cache-redis"))).toEqual({ kind: "go-on" });
  });

  it("goes on when the killed step is the first that is wanted: its own update completes it", () => {
    expect(takeOver(killed("up"), baseline, wanted("cache-redis", "tier-standard"))).toEqual({ kind: "go-on" });
  });

  it("settles a half-made update first when another step is wanted", () => {
    expect(takeOver(killed("up"), baseline, wanted("tier-standard"))).toEqual({
      kind: "settle",
      topology: baseline,
      because: "step cache-redis was half-way",
    });
  });

  it("proves and gates a step whose update was finished but never judged", () => {
    const how = takeOver(killed("gate"), after, wanted("tier-standard"));
    expect(how).toMatchObject({
      kind: "finish",
      step: { id: "cache-redis", direction: "apply", before: baseline, after },
    });
  });

  it("takes such a step back at once when that is wanted: nobody waits for its verdict", () => {
    expect(takeOver(killed("gate"), after, wantedBack("cache-redis"))).toEqual({ kind: "go-on" });
    expect(takeOver(killed("up"), baseline, [])).toMatchObject({ kind: "settle", topology: baseline });
  });

  it("plans from the topology that a way back is brought to, whatever the state still says", () => {
    expect(startingFrom(killed("back"), after)).toEqual(baseline);
    expect([startingFrom(killed("gate"), after), startingFrom(undefined, after)]).toEqual([after, after]);
  });

  it("brings a run that was on its way back to the topology before, whatever is wanted", () => {
    expect(takeOver(killed("back"), after, wanted("cache-redis"))).toEqual({
      kind: "settle",
      topology: baseline,
      because: "step cache-redis was on its way back",
    });
  });

  it("does again what an update beside the steps had begun, unless the plan begins with an update", () => {
    expect(takeOver(undefined, baseline, [], 1)).toEqual({
      kind: "settle",
      topology: baseline,
      because: "an update was killed",
    });
    expect(takeOver(undefined, baseline, wanted("cache-redis"), 1)).toEqual({ kind: "go-on" });
  });

  it("ignores a run killed in its preview, which changes nothing", () => {
    expect(takeOver(killed("preview"), baseline, wanted("tier-standard"))).toEqual({ kind: "go-on" });
  });
});

function wanted(...steps: string[]): readonly PlannedStep[] {
  const result = planSteps(baseline, { steps }, costOf);
  return result.ok ? result.plan.steps : [];
}

function wantedBack(...steps: string[]): readonly PlannedStep[] {
  const result = planRollback(after, { steps }, costOf);
  return result.ok ? result.plan.steps : [];
}

function killed(stage: Stage): StepRecord {
  return {
    schema: "shopctl.rollout-step/1",
    id: "2026-01-01T00-00-00.000Z-apply-cache-redis",
    step: "cache-redis",
    direction: "apply",
    state: "running",
    stage,
    startedAt: "2026-01-01T00:00:00.000Z",
    before: baseline,
    after,
    usdPerMonthBefore: 7,
    usdPerMonthAfter: 17,
    durationsMs: {},
    process: { pid: 4_194_305, startTime: "1" },
  };
}
