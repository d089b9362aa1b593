import type { Observation } from "../../infra/observation.ts";
import type { RolloutWorld } from "./world.ts";

/** Observes. What is refused is asked again until patience ends: one refused question is no reason to take a step back. */
export async function observePatiently(
  world: Pick<RolloutWorld, "observe" | "pace" | "monotonicMs" | "wait" | "stoppedBy">,
): Promise<Observation> {
  const deadline = world.monotonicMs() + world.pace.patienceMs;
  for (;;) {
    try {
      return await world.observe();
    } catch (error) {
      if (world.monotonicMs() >= deadline || world.stoppedBy() !== undefined) throw error;
    }
    await world.wait(world.pace.observeIntervalMs, { stoppable: true });
  }
}
