import { healthy } from "../phases/proofs.ts";
import { stepOf, steps } from "../phases/index.ts";
import type { Proof } from "../phases/step.ts";
import { releaseProofs } from "../planning/release-proofs.ts";
import { isDeployMove } from "../planning/deploy-moves.ts";
import type { Direction, MoveId, PlannedStep } from "../planning/plan-steps.ts";
import type { Observation } from "../../infra/observation.ts";
import type { Topology } from "../../infra/topology/topology.ts";
import type { RolloutWorld } from "./world.ts";

/** On AWS a proof may take minutes to hold: what is missing is told so often. */
const tellEveryMs = 20_000;

/**
 * Observes until all proofs of a move hold, patience ends, or one that is `stoppable` is stopped; the last proofs. What
 * could not be observed is asked again: one refused question is no reason to go back.
 */
export async function proveStep(
  step: Pick<PlannedStep, "id" | "direction" | "after">,
  world: RolloutWorld,
  { stoppable, onMissing }: { readonly stoppable: boolean; readonly onMissing: (proofs: readonly string[]) => void },
): Promise<readonly Proof[]> {
  const { patienceMs, observeIntervalMs } = world.pace;
  const deadline = world.monotonicMs() + patienceMs;
  let tellAt = world.monotonicMs() + tellEveryMs;
  for (;;) {
    const proofs = await world.observe().then((observation) => proofsOfMove(step, observation), notObserved);
    const stopped = stoppable && world.stoppedBy() !== undefined;
    if (proofs.every(({ ok }) => ok) || world.monotonicMs() >= deadline || stopped) return proofs;
    if (world.monotonicMs() >= tellAt) {
      onMissing(failedProofs(proofs));
      tellAt += tellEveryMs;
    }
    await world.wait(observeIntervalMs, { stoppable });
  }
}

function notObserved(error: unknown): readonly Proof[] {
  const found = error instanceof Error ? error.message : String(error);
  return [{ what: "the environment can be observed", ok: false, found, expected: "an answer" }];
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
