import type { Observation } from "../../infra/observation.ts";
import { splitRelease, type ReleaseChoice } from "../../infra/topology/release-choice.ts";
import type { Topology } from "../../infra/topology/topology.ts";
import { observeEnvironment } from "../adapters/observe-environment.ts";
import type { Session } from "../adapters/session.ts";
import type { Cost } from "../planning/cost.ts";
import { runningTopology } from "./running-topology.ts";

/** What `env show --json` prints. */
export interface ShowReport {
  readonly schema: "shopctl.env.show/1";
  readonly environment: string;
  readonly target: string;
  readonly createdAt: string;
  readonly root: string;
  readonly url: string;
  readonly topology: Omit<Topology, "release">;
  /** Builds of the shop that run; a canary only during a deployment. */
  readonly release: ReleaseChoice | undefined;
  readonly cost: Cost;
  readonly observation: Observation;
  /** False where the host lets no tier limit be enforced. */
  readonly limitsEnforced: boolean;
}

/** An environment as the state has it and as the host has it. */
export async function showReport(session: Session): Promise<ShowReport> {
  const { environment } = session;
  const topology = await runningTopology(session);
  const observation = await observeEnvironment(session);
  const instances = observation.processes.filter(({ component }) => component === "web");
  return {
    schema: "shopctl.env.show/1",
    environment: environment.name,
    target: environment.target,
    createdAt: environment.createdAt,
    root: environment.paths.root,
    url: observation.router.url,
    ...splitRelease(topology),
    cost: session.priceOf(topology),
    observation,
    limitsEnforced: instances.some(({ limits }) => limits !== undefined),
  };
}
