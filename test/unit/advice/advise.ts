import { recommend, type StepAdvice } from "../../../cli/advice/recommend.ts";
import { signals } from "../../../cli/advice/signals.ts";
import { steps } from "../../../cli/phases/index.ts";
import type { SignalName, Step } from "../../../cli/phases/step.ts";
import { costOf } from "../../../cli/planning/cost.ts";
import { baseline, type Topology } from "../../../infra/topology/topology.ts";
import { measured, type Read as Reading } from "./measured.ts";

export type Readings = Partial<Record<SignalName, Reading>>;

/** Every signal at rest: nothing is due. */
export const quiet = Object.fromEntries(signals.map(({ name }) => [name, { value: 0 }])) as Record<SignalName, Reading>;

/** What is said of one step. Throws where there is none of the name. */
export function stepOf(id: string, readings: Readings, topology?: Topology): StepAdvice {
  const step = advise(readings, topology).steps.find((one) => one.id === id);
  if (step === undefined) throw new Error(`no step ${id}`);
  return step;
}

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
