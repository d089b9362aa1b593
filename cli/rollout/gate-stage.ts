import type { PlannedStep } from "../planning/plan-steps.ts";
import { reasonsOf } from "./gate.ts";
import type { RecordKeeper } from "./record-keeper.ts";
import type { GateDecision } from "./step-record.ts";
import type { StepTraffic } from "./step-traffic.ts";
import { throwIfStopped } from "./stop.ts";
import type { Component } from "./touched-components.ts";
import type { RolloutWorld } from "./world.ts";

/**
 * Watches a step until its gate tells, or somebody decides where it does not: keep, go back, or watch one more window.
 * Returns the reasons to go back; none for a step that stays.
 */
export async function gateStage(
  step: PlannedStep,
  world: RolloutWorld,
  keeper: RecordKeeper,
  { traffic, touched }: { readonly traffic: StepTraffic; readonly touched: ReadonlySet<Component> },
): Promise<readonly string[]> {
  const decisions: GateDecision[] = [];
  await keeper.enter("gate");
  for (;;) {
    const { verdict, windows } = await traffic.judge(touched);
    await keeper.note({ gate: verdict, traffic: windows });
    throwIfStopped(world);
    if (verdict.outcome === "passed") return [];
    const reasons = reasonsOf(verdict);
    if (verdict.outcome === "failed") return reasons;
    const { choice, by } = await world.decide(step, reasons);
    decisions.push({ at: world.timestamp(), choice, by });
    await keeper.note({ decisions });
    throwIfStopped(world);
    if (choice === "keep") return [];
    const who = by === "person" ? "taken back by hand" : "nobody could be asked";
    if (choice === "roll-back") return [`the gate is inconclusive, ${who}`, ...reasons];
    await keeper.enter("gate", "watching on");
  }
}
