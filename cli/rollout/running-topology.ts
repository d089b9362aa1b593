import type { Topology } from "../../infra/topology/topology.ts";
import { readRunningState } from "../adapters/running-topology.ts";
import type { Session } from "../adapters/session.ts";
import { neverDeployed } from "./status-report.ts";

/** The topology that runs. Throws FailureError `interrupted` when the environment's creation never finished. */
export async function runningTopology(session: Session): Promise<Topology> {
  const { topology } = await readRunningState(session);
  if (topology === undefined) throw neverDeployed(session.environment.name);
  return topology;
}
