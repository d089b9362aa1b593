import { observeEnvironment } from "../adapters/observe-environment.ts";
import type { Session } from "../adapters/session.ts";
import { FailureError } from "../errors/failure.ts";
import { isStepId, stepIds } from "../phases/index.ts";
import { healthy } from "../phases/proofs.ts";
import type { Proof } from "../phases/step.ts";
import { runningTopology } from "./running-topology.ts";
import { proofsOfTopology, type StepProofs } from "./verify-step.ts";

/** What `scale verify --json` prints. */
export interface VerifyReport {
  readonly schema: "shopctl.scale.verify/1";
  readonly environment: string;
  readonly at: string;
  readonly ok: boolean;
  readonly health: readonly Proof[];
  readonly steps: readonly StepProofs[];
}

/** Observes once and checks all proofs, or those of some steps. Throws FailureError for a step that does not exist. */
export async function verifyReport(session: Session, only: readonly string[] | undefined): Promise<VerifyReport> {
  const { name } = session.environment;
  const topology = await runningTopology(session);
  const unknown = only?.find((id) => !isStepId(id));
  if (unknown !== undefined) {
    throw new FailureError({
      code: "refused",
      environment: name,
      refusal: { kind: "no-such-step", step: unknown, known: stepIds },
    });
  }
  const observation = await observeEnvironment(session);
  const health = healthy(observation, topology.instances);
  const steps = proofsOfTopology(topology, observation).filter(({ step }) => only === undefined || only.includes(step));
  const ok = [...health, ...steps.flatMap(({ proofs }) => proofs)].every((proof) => proof.ok);
  return { schema: "shopctl.scale.verify/1", environment: name, at: observation.at, ok, health, steps };
}
