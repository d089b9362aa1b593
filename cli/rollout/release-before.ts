import type { Topology } from "../../infra/topology/topology.ts";
import { unfinished } from "../adapters/rollout-records.ts";
import { isDeployMove } from "../planning/deploy-moves.ts";
import type { StepRecord } from "./step-record.ts";

/**
 * The release that a deployment is taken back to. That of one which was killed or stopped is what ran before it, and its own
 * way back goes on. Otherwise it is the one that ran before `running` was deployed; a way back is no deployment, so that two
 * of them go further back. Undefined when there is none.
 */
export async function releaseBefore(
  newestFirst: readonly StepRecord[],
  { release: running }: Pick<Topology, "release">,
): Promise<string | undefined> {
  const left = await unfinished(newestFirst);
  if (left !== undefined && isDeployMove(left.step))
    return (left.direction === "apply" ? left.before : left.after).release?.stable;
  // A canary that a deployment left between its two moves.
  if (running?.canary !== undefined) return running.stable;
  return newestFirst.find(
    ({ step, direction, state, before, after }) =>
      step === "deploy-rest" &&
      direction === "apply" &&
      state === "done" &&
      after.release?.stable === running?.stable &&
      before.release?.stable !== running?.stable,
  )?.before.release?.stable;
}
