import { EngineError } from "../../infra/engine/engine.ts";
import type { RolloutWorld } from "./world.ts";

/** Ends a step between two operations because the user stopped the run. */
class StoppedError extends Error {}

export function throwIfStopped(world: RolloutWorld): void {
  if (world.stoppedBy() !== undefined) throw new StoppedError("stopped");
}

/** Whether a step ended because the user stopped the run, and not because something failed. */
export function isStop(error: unknown, world: RolloutWorld): boolean {
  if (error instanceof StoppedError) return true;
  return error instanceof EngineError && error.code === "cancelled" && world.stoppedBy() !== undefined;
}
