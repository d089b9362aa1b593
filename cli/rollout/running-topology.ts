import type { Topology } from "../../infra/topology/topology.ts";
import { readRunningState } from "../adapters/running-topology.ts";
import type { Session } from "../adapters/session.ts";
import { noTopology } from "../adapters/missing-state.ts";

/** The topology that runs. Throws FailureError `interrupted` when its creation never finished, or `state-missing`. */
export async function runningTopology(session: Session): Promise<Topology> {
  const state = await readRunningState(session);
  if (state.topology === undefined) throw await noTopology(session, state);
  return state.topology;
}
