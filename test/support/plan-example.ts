import { priceOn, type TargetName } from "../../cli/planning/cost.ts";
import { planSteps } from "../../cli/planning/plan-steps.ts";
import type { PlanContent } from "../../cli/planning/saved-plan.ts";
import type { StepId } from "../../cli/phases/index.ts";
import { baseline, type Topology } from "../../infra/topology/topology.ts";

/** What `scale plan --out` saves of steps, for an environment `shop` on a target. */
export function planExample(target: TargetName, steps: readonly StepId[], from: Topology = baseline): PlanContent {
  const priceOf = priceOn(target);
  const planned = planSteps(from, { steps }, priceOf);
  if (!planned.ok) throw new Error(`the steps ${steps.join(", ")} are refused`);
  const lines = (topology: Topology) => priceOf(topology).lines.map(({ item, usdPerMonth }) => ({ item, usdPerMonth }));
  const createdAt = "2026-01-01T00:00:00.000Z";
  return {
    environment: "shop",
    createdAt,
    steps: planned.plan.steps.map(({ id, before, after, usdPerMonthBefore, usdPerMonthAfter }) => ({
      id,
      before,
      after,
      usdPerMonthBefore,
      usdPerMonthAfter,
      resources: [],
    })),
    boundTo: {
      code: { shopctl: "0.1.0", release: "0123456789ab", infrastructure: "ba9876543210" },
      state: { deployment: "f".repeat(64) },
      topology: from,
      metrics: { takenAt: createdAt, verdicts: {} },
      prices: { now: lines(from), after: lines(planned.plan.steps.at(-1)?.after ?? from) },
    },
  };
}
