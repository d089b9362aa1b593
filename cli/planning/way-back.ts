import type { Topology } from "../../infra/topology/topology.ts";
import { isStepId, phases, stepIds, steps, type StepId } from "../phases/index.ts";
import type { PlanRefusal } from "./refusal.ts";

export type WayBack =
  { readonly ok: true; readonly steps: readonly StepId[] } | { readonly ok: false; readonly refusal: PlanRefusal };

/**
 * Done steps to take back, last first, so that `to` is the last one left: a done step, a phase with all before it, or 0
 * for the baseline. No step comes before one that it needs, so the way back never takes away what is still needed.
 */
export function wayBack(topology: Topology, to: string): WayBack {
  const done = steps.filter((step) => step.isDone(topology));
  if (/^\d+$/.test(to)) {
    const phase = Number(to);
    const known = [0, ...phases];
    if (!known.includes(phase)) return { ok: false, refusal: { kind: "no-such-phase", phase, known } };
    return reversed(done.filter((step) => step.phase > phase));
  }
  if (!isStepId(to)) return { ok: false, refusal: { kind: "no-such-step", step: to, known: stepIds } };
  if (!done.some(({ id }) => id === to)) return { ok: false, refusal: { kind: "not-done", step: to } };
  const at = stepIds.indexOf(to);
  return reversed(done.filter(({ id }) => stepIds.indexOf(id) > at));
}

function reversed(done: readonly { readonly id: StepId }[]): WayBack {
  return { ok: true, steps: done.map(({ id }) => id).toReversed() };
}
