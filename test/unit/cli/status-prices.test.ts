import { expect, test } from "vitest";
import { costOf } from "../../../cli/planning/cost.ts";
import { planSteps, usdAdded } from "../../../cli/planning/plan-steps.ts";
import { statusesOf } from "../../../cli/rollout/status-report.ts";
import { phases } from "../../../cli/phases/index.ts";
import { baseline, type Topology } from "../../../infra/topology/topology.ts";

const lastPhase = Math.max(...phases);
const planned = (topology: Topology) => {
  const result = planSteps(topology, { to: lastPhase }, costOf);
  if (!result.ok) throw new Error("the road is open");
  return result.plan;
};
const pricesOf = (topology: Topology) => statusesOf(topology, costOf).map(({ usdPerMonthAdded }) => usdPerMonthAdded);

test("at the baseline each step adds what the plan of the whole road says", () => {
  const { steps } = planned(baseline);
  expect(statusesOf(baseline, costOf).map(({ id, usdPerMonthAdded }) => [id, usdPerMonthAdded])).toEqual(
    steps.map((step) => [step.id, usdAdded(step)]),
  );
  expect(pricesOf(baseline)).toEqual([0, 18, 20, 10, 19.95, 0, 60, 0, 0, 5, 26, 20, 0, 85, 0, 0]);
});

test("a done step added what it adds, wherever on the road the shop stands", () => {
  let topology: Topology = baseline;
  for (const { after } of planned(baseline).steps) {
    topology = after;
    expect(pricesOf(topology)).toEqual(pricesOf(baseline));
  }
});
