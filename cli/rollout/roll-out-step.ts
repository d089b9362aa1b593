import { EngineError } from "../../infra/engine/engine.ts";
import type { PlannedStep } from "../planning/plan-steps.ts";
import type { GateRules } from "./gate.ts";
import { gateStage } from "./gate-stage.ts";
import { RecordKeeper } from "./record-keeper.ts";
import { queryChangesOf } from "./query-changes-of.ts";
import { openTraffic, type StepTraffic } from "./step-traffic.ts";
import { isStop, throwIfStopped } from "./stop.ts";
import { touchedComponents } from "./touched-components.ts";
import type { StepRecord } from "./step-record.ts";
import { failedProofs, proveStep } from "./verify-step.ts";
import type { RolloutWorld } from "./world.ts";

/** Preview → up → verify → gate; whatever fails on the way leads back to the topology before, unless there is no return. */
export async function rollOutStep(step: PlannedStep, world: RolloutWorld, rules: GateRules): Promise<StepRecord> {
  world.report({ kind: "step-started", step });
  const keeper = await RecordKeeper.open(step, world);
  try {
    return await carryOut(step, world, rules, keeper);
  } catch (error) {
    if (isRefusal(error)) {
      // Nothing was touched: another process holds the stack.
      await keeper.close("stopped", [messageOf(error)]);
      throw error;
    }
    if (isStop(error, world)) return keeper.close("stopped", [`stopped by ${world.stoppedBy() ?? "the engine"}`]);
    // A preview touches nothing, so there is nothing to go back from.
    if (keeper.stage === "preview") return keeper.close("returned", [messageOf(error)]);
    return goBack(step, world, keeper, { reasons: [messageOf(error)] });
  }
}

async function carryOut(
  step: PlannedStep,
  world: RolloutWorld,
  rules: GateRules,
  keeper: RecordKeeper,
): Promise<StepRecord> {
  const traffic = await openTraffic(world, rules, step.after.release?.canary);
  await keeper.enter("preview");
  const { changes } = await world.preview(step.after);
  await keeper.note({ changes });
  await traffic.beginStep();
  try {
    throwIfStopped(world);
    await keeper.enter("up", traffic.probing ? "little traffic: sending probes" : undefined);
    const update = await world.update(step.after, messageFor(step), { stoppable: true });
    throwIfStopped(world);
    await keeper.enter("verify");
    const proofs = await proveStep(step, world, { stoppable: true, onMissing: (what) => keeper.waitsFor(what) });
    await keeper.note({ ...queryChangesOf(update), proofs });
    throwIfStopped(world);
    const failed = failedProofs(proofs);
    const reasons =
      failed.length > 0
        ? failed
        : await gateStage(step, world, keeper, { traffic, touched: touchedComponents(update.steps) });
    if (reasons.length > 0) return await goBack(step, world, keeper, { reasons, traffic });
    await noteCanary(keeper, traffic);
  } finally {
    await traffic.close();
  }
  return keeper.close("done");
}

/** The automatic rollback: one update to the topology before, and proof that it is served again. */
async function goBack(
  step: PlannedStep,
  world: RolloutWorld,
  keeper: RecordKeeper,
  { reasons, traffic }: { readonly reasons: readonly string[]; readonly traffic?: StepTraffic },
): Promise<StepRecord> {
  await keeper.note({ reasons });
  if (step.pointOfNoReturn !== undefined)
    return keeper.close("stranded", [...reasons, `past the point of no return: ${step.pointOfNoReturn}`]);
  await keeper.enter("back", reasons[0]);
  try {
    await world.update(step.before, `back from ${messageFor(step)}`, { stoppable: false });
    // A stop during the way back must not make it look as if it had failed.
    const proofs = await proveStep({ ...step, ...turned(step) }, world, {
      stoppable: false,
      onMissing: (what) => keeper.waitsFor(what),
    });
    const failed = failedProofs(proofs);
    if (traffic !== undefined) await noteCanary(keeper, traffic);
    return await keeper.close(failed.length === 0 ? "returned" : "stranded", [...reasons, ...failed]);
  } catch (error) {
    return keeper.close("stranded", [...reasons, `going back: ${messageOf(error)}`]);
  }
}

/** Counted to its last request: a canary that goes back answers until it is drained. */
async function noteCanary(keeper: RecordKeeper, traffic: StepTraffic): Promise<void> {
  const canary = await traffic.canarySoFar();
  if (canary !== undefined) await keeper.note({ canary });
}

function turned(step: PlannedStep): Pick<PlannedStep, "direction" | "before" | "after"> {
  return { direction: step.direction === "apply" ? "rollback" : "apply", before: step.after, after: step.before };
}

/** Message of the stack's update. */
function messageFor({ direction, id }: PlannedStep): string {
  return direction === "apply" ? `step ${id}` : `rollback of step ${id}`;
}

function isRefusal(error: unknown): boolean {
  return error instanceof EngineError && error.code === "locked";
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
