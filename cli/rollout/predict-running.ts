import { topologySchema, type Topology } from "../../infra/topology/topology.ts";
import { CapacityStore } from "../adapters/capacity-store.ts";
import type { Session } from "../adapters/session.ts";
import { FailureError } from "../errors/failure.ts";
import type { CapacityResult } from "../planning/capacity/capacity-result.ts";
import { predictCapacity, type CapacityPrediction } from "../planning/capacity/predict-capacity.ts";

/** What the newest result of another topology says of this one. Throws FailureError `insufficient-evidence` without any. */
export async function predictRunning(
  session: Session,
  topology: Topology,
): Promise<{ readonly from: CapacityResult; readonly prediction: CapacityPrediction }> {
  const { name, paths } = session.environment;
  const same = JSON.stringify(topologySchema.parse(topology));
  const others = (await new CapacityStore(paths.root).list()).filter(
    (result) => JSON.stringify(topologySchema.parse(result.topology)) !== same,
  );
  for (const from of others) {
    const prediction = predictCapacity(from, topology);
    if (prediction !== undefined) return { from, prediction };
  }
  throw new FailureError({
    code: "insufficient-evidence",
    what: `Nothing predicts the capacity of "${name}"`,
    why: "no load was measured under another topology, or none with limits that the kernel enforces",
    next: [`shopctl load capacity --env ${name}`],
  });
}
