import { describe, expect, it } from "vitest";
import type { Bucket } from "../../../cli/advice/histogram.ts";
import { costOf } from "../../../cli/planning/cost.ts";
import { planDeploy, planDeployRollback } from "../../../cli/planning/plan-deploy.ts";
import { planSteps } from "../../../cli/planning/plan-steps.ts";
import { releaseProofs } from "../../../cli/planning/release-proofs.ts";
import { canaryChecks, hasFailed, type CanaryEvidence } from "../../../cli/rollout/canary-gate.ts";
import { releaseBefore } from "../../../cli/rollout/release-before.ts";
import type { StepRecord } from "../../../cli/rollout/step-record.ts";
import { takeOver } from "../../../cli/rollout/take-over.ts";
import { baseline, type Topology } from "../../../infra/topology/topology.ts";
import { baselineHost } from "../phases/observations.ts";

const [old, next, other] = ["0000000000aa", "0000000000bb", "0000000000cc"];
const runs = (stable: string): Topology => ({ ...baseline, release: { stable } });
const tried: Topology = { ...baseline, release: { stable: old, canary: { release: next, sharePercent: 10 } } };
const wish = { release: next, sharePercent: 10 };

describe("the plan of a deployment", () => {
  it("is a canary beside what runs, then the new release alone; both lead back all the way", () => {
    const { steps } = planDeploy(runs(old), wish, costOf);
    expect(steps.map(({ id, direction, before, after }) => [id, direction, before.release, after.release])).toEqual([
      ["deploy-canary", "apply", { stable: old }, tried.release],
      ["deploy-rest", "apply", { stable: old }, { stable: next }],
    ]);
    expect(planDeploy(tried, wish, costOf).steps).toEqual(steps);
  });

  it("is empty for the release that runs, and a rollback is one move", () => {
    expect(planDeploy(runs(next), wish, costOf).steps).toEqual([]);
    expect(
      planDeployRollback(runs(next), old, costOf).steps.map(({ id, direction, after }) => [id, direction, after]),
    ).toEqual([["deploy-rest", "rollback", runs(old)]]);
  });

  it("is no business of scaling, which keeps the release and takes up no canary", () => {
    const result = planSteps(tried, { steps: ["cache-redis"] }, costOf);
    expect(result).toMatchObject({ plan: { steps: [{ before: runs(old), after: { ...runs(old), cache: "redis" } }] } });
  });
});

describe("what a killed deployment left", () => {
  const wanted = planDeploy(runs(old), wish, costOf).steps;
  const back = { kind: "settle", topology: runs(old) };

  it("is gone on with by a deployment, and taken back by anything else", () => {
    for (const left of [undefined, killed("deploy-canary", "up"), killed("deploy-canary", "gate")]) {
      expect(takeOver(left, tried, wanted)).toEqual({ kind: "go-on" });
      expect(takeOver(left, tried, [])).toMatchObject(back);
    }
    expect(takeOver(killed("deploy-rest", "up"), tried, wanted)).toEqual({ kind: "go-on" });
    expect(takeOver(killed("deploy-rest", "up"), tried, [])).toMatchObject(back);
    expect(takeOver(killed("deploy-canary", "back"), tried, wanted)).toMatchObject(back);
  });

  it("is judged when every instance runs the new release already", () => {
    expect(takeOver(killed("deploy-rest", "gate"), runs(next), [])).toMatchObject({
      kind: "finish",
      step: { id: "deploy-rest", before: runs(old), after: runs(next) },
    });
  });
});

describe("the release before another", () => {
  it("is the one that its deployment replaced, and that of a way back is one further", async () => {
    const first = { ...killed("deploy-rest", "gate"), state: "done", before: runs(other), after: runs(old) } as const;
    const second = { ...first, before: runs(old), after: runs(next) };
    const rollback = { ...first, direction: "rollback", before: runs(next), after: runs(old) } as const;
    expect(await releaseBefore([second, first], runs(next))).toBe(old);
    expect(await releaseBefore([rollback, second, first], runs(old))).toBe(other);
    expect(await releaseBefore([{ ...second, state: "returned" }], runs(next))).toBeUndefined();
  });

  it("is the one before what was stopped, and never one further", async () => {
    const first = { ...killed("deploy-rest", "gate"), state: "done", before: runs(other), after: runs(old) } as const;
    const canary = { ...killed("deploy-canary", "gate"), state: "stopped" } as const;
    const rest = { ...killed("deploy-rest", "gate"), state: "stopped" } as const;
    const back = { ...rest, direction: "rollback", before: runs(next), after: runs(old) } as const;
    expect(await releaseBefore([canary, first], tried)).toBe(old);
    expect(await releaseBefore([rest, { ...canary, state: "done" }, first], runs(next))).toBe(old);
    expect(await releaseBefore([{ ...canary, state: "done" }, first], tried)).toBe(old);
    expect(await releaseBefore([back, first], runs(old))).toBe(old);
  });
});

describe("a canary", () => {
  const calm = { requests: 900, failed: 0, p95Ms: 40, waitMs: 0, latencies: spread(900, 0) };
  const fine: CanaryEvidence = {
    sharePercent: 10,
    step: { canary: { ...calm, requests: 100 }, stable: calm },
    window: { canary: { ...calm, requests: 80 }, stable: calm },
    stepSeconds: 40,
    windowSeconds: 30,
  };
  const outcomes = (evidence: CanaryEvidence): readonly string[] =>
    canaryChecks(evidence, { minRequests: 300 }).map(({ outcome }) => outcome);

  it("stays when it fails no request and is about as fast as what runs beside it", () => {
    expect(canaryChecks(fine, { minRequests: 300 }).map(({ check, value, limit }) => [check, value, limit])).toEqual([
      ["canary-errors", 0, 0],
      ["canary-p95-ms", 40, 140],
      ["canary-requests", 80, 15],
    ]);
    expect(outcomes(fine)).toEqual(["passed", "passed", "passed"]);
  });

  it("goes at its first failed request, but may fail as large a share as what runs beside it", () => {
    const failing = (canary: number, stable: number): CanaryEvidence => ({
      ...fine,
      step: { canary: { ...calm, requests: 100, failed: canary }, stable: { ...calm, failed: stable } },
    });
    expect([hasFailed(failing(0, 0)), hasFailed(failing(1, 0))]).toEqual([false, true]);
    expect([hasFailed(failing(5, 45)), hasFailed(failing(40, 45))]).toEqual([false, true]);
  });

  it("goes when more of its answers are slower, by half and by what a shopper feels, than chance makes of one in twenty", () => {
    const slow = (slower: number, of: number, stableMs = 40): CanaryEvidence => ({
      ...fine,
      window: {
        canary: { ...calm, p95Ms: 500, latencies: spread(of, slower) },
        stable: { ...calm, p95Ms: stableMs },
      },
    });
    const limits = [40, 400].map((p95Ms) => canaryChecks(slow(0, 20, p95Ms), { minRequests: 300 })[1]?.limit);
    expect(limits).toEqual([140, 600]);
    // Two of twelve are above what one in twenty is expected to be, and chance; half of a hundred are not.
    expect([outcomes(slow(2, 12))[1], outcomes(slow(50, 100))[1]]).toEqual(["passed", "failed"]);
  });

  it("is not judged by too few requests or by what was not measured", () => {
    const silent = { requests: undefined, failed: undefined, p95Ms: undefined, waitMs: 0, latencies: [] };
    expect(
      outcomes({ ...fine, step: { canary: silent, stable: silent }, window: { canary: silent, stable: silent } }),
    ).toEqual(["inconclusive", "inconclusive", "inconclusive"]);
    expect(outcomes({ ...fine, window: { ...fine.window, canary: { ...calm, requests: 14 } } })[2]).toBe(
      "inconclusive",
    );
  });

  it("is proven by what the instances say they are and by the router", () => {
    const at = (...releases: readonly string[]) => ({
      ...baselineHost,
      releases: releases.map((release, n) => ({ instance: `web-${n}`, release })),
    });
    const routed = { ...baselineHost.router, canary: { name: "web-9", state: "up" as const, currentSessions: 0 } };
    expect(releaseProofs(tried, { ...at(old, next), router: routed }).map(({ ok }) => ok)).toEqual([true, true]);
    expect(releaseProofs(runs(next), { ...at(old, next), router: routed }).map(({ found }) => found)).toEqual([
      `1 instance of ${old}, 1 instance of ${next}`,
      "up",
    ]);
  });
});

/** Answers within 50 ms, and some between 1 and 2 s. */
function spread(count: number, slower: number): readonly Bucket[] {
  return [
    { upperBound: 0.05, count: count - slower },
    { upperBound: 1, count: count - slower },
    { upperBound: 2, count },
    { upperBound: Infinity, count },
  ];
}

function killed(step: "deploy-canary" | "deploy-rest", stage: StepRecord["stage"]): StepRecord {
  return {
    schema: "shopctl.rollout-step/1",
    id: `2026-01-01T00-00-00.000Z-apply-${step}`,
    step,
    direction: "apply",
    state: "running",
    stage,
    startedAt: "2026-01-01T00:00:00.000Z",
    before: runs(old),
    after: step === "deploy-canary" ? tried : runs(next),
    usdPerMonthBefore: 7,
    usdPerMonthAfter: 7,
    durationsMs: {},
    process: { pid: 1, startTime: "" },
  };
}
