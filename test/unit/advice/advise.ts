import { recommend } from "../../../cli/advice/recommend.ts";
import { steps } from "../../../cli/phases/index.ts";
import type { SignalName, Step } from "../../../cli/phases/step.ts";
import { costOf } from "../../../cli/planning/cost.ts";
import { baseline, type Topology } from "../../../infra/topology/topology.ts";
import { measured, type Read as Reading } from "./measured.ts";

export type Readings = Partial<Record<SignalName, Reading>>;

/** Advice for the environment `demo` on readings. */
export function advise(readings: Readings, topology: Topology = baseline, of: readonly Step[] = steps) {
  return recommend({
    environment: "demo",
    now: "2026-01-01T00:00:10.000Z",
    topology,
    steps: of,
    measurements: measured(readings),
    source: "a test",
    costOf: (one) => costOf(one).usdPerMonth,
  });
}
