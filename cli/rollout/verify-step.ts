import { healthy } from "../phases/proofs.ts";
import { stepOf, steps } from "../phases/index.ts";
import type { Proof } from "../phases/step.ts";
import { releaseProofs } from "../planning/release-proofs.ts";
import { isDeployMove } from "../planning/deploy-moves.ts";
import type { Direction, MoveId, PlannedStep } from "../planning/plan-steps.ts";
import type { Observation } from "../../infra/observation.ts";
import type { Topology } from "../../infra/topology/topology.ts";
import type { RolloutWorld } from "./world.ts";

/** Observes until all proofs of a move hold, patience ends, or one that is `stoppable` is stopped; the last proofs. */
export async function proveStep(
  step: Pick<PlannedStep, "id" | "direction" | "after">,
  world: RolloutWorld,
  { stoppable }: { readonly stoppable: boolean },
): Promise<readonly Proof[]> {
  const deadline = world.monotonicMs() + world.pace.patienceMs;
  for (;;) {
    const proofs = proofsOfMove(step, await world.observe());
    const stopped = stoppable && world.stoppedBy() !== undefined;
    if (proofs.every(({ ok }) => ok) || world.monotonicMs() >= deadline || stopped) return proofs;
    await world.wait(world.pace.observeIntervalMs, { stoppable });
  }
}

/** Proofs that a move worked: its own, and that everything runs. */
function proofsOfMove(
  { id, direction, after }: Pick<PlannedStep, "id" | "direction" | "after">,
  observation: Observation,
): readonly Proof[] {
  return [
    ...ownProofs(id, direction, observation),
    ...releaseProofs(after, observation),
    ...healthy(observation, after.instances),
  ];
}

function ownProofs(id: MoveId, direction: Direction, observation: Observation): readonly Proof[] {
  if (isDeployMove(id)) return [];
  const step = stepOf(id);
  return direction === "apply" ? step.verify(observation) : step.verifyUndone(observation);
}

export interface StepProofs {
  readonly step: string;
  readonly done: boolean;
  readonly proofs: readonly Proof[];
}

/** Proofs of every step as a topology has it, done or not; for `scale verify`. */
export function proofsOfTopology(topology: Topology, observation: Observation): readonly StepProofs[] {
  return steps.map((step) => {
    const done = step.isDone(topology);
    return { step: step.id, done, proofs: done ? step.verify(observation) : step.verifyUndone(observation) };
  });
}

/** Failed proofs as sentences. */
export function failedProofs(proofs: readonly Proof[]): readonly string[] {
  return proofs.filter(({ ok }) => !ok).map(({ what, found, expected }) => `${what}: ${found}, expected ${expected}`);
}
