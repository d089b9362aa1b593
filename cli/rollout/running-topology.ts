import type { Topology } from "../../infra/topology/topology.ts";
import { noTopology } from "../adapters/missing-state.ts";
import { RolloutRecords, unfinished } from "../adapters/rollout-records.ts";
import { readRunningState } from "../adapters/running-topology.ts";
import type { Session } from "../adapters/session.ts";
import { startingFrom } from "./take-over.ts";

/** The topology that runs. Throws FailureError `interrupted` when its creation never finished, or `state-missing`. */
export async function runningTopology(session: Session): Promise<Topology> {
  const state = await readRunningState(session);
  if (state.topology === undefined) throw await noTopology(session, state);
  return state.topology;
}

/** The topology that a plan begins at: a way back that was cut off is ended before anything else. Throws as `runningTopology`. */
export async function plannedFrom(session: Session): Promise<Topology> {
  const running = await runningTopology(session);
  return startingFrom(await unfinished(await new RolloutRecords(session.environment.paths.root).list()), running);
}
