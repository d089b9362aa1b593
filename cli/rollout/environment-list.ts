import { shopUrl, type Environment } from "../../infra/environment/environment.ts";
import { corruptEnvironments, listEnvironments, stateHome } from "../../infra/environment/store.ts";
import type { Topology } from "../../infra/topology/topology.ts";
import { readRunningState } from "../adapters/running-topology.ts";
import { openSession } from "../adapters/session.ts";
import { steps } from "../phases/index.ts";

export interface EnvironmentSummary {
  readonly name: string;
  readonly url: string;
  readonly createdAt: string;
  /** Undefined when its creation never finished or its state cannot be read. */
  readonly topology: Topology | undefined;
  readonly stepsDone: number;
  readonly usdPerMonth: number | undefined;
  /** Why the state cannot be read. */
  readonly problem?: string;
}

/** Every environment of this home with what its state says. */
export async function listWithState(): Promise<{
  readonly home: string;
  readonly environments: readonly EnvironmentSummary[];
  readonly unreadable: readonly string[];
}> {
  const home = stateHome(process.env);
  const [environments, unreadable] = await Promise.all([listEnvironments(home), corruptEnvironments(home)]);
  return { home, environments: await Promise.all(environments.map(summarise)), unreadable };
}

async function summarise(environment: Environment): Promise<EnvironmentSummary> {
  const { name, createdAt } = environment;
  const base = { name, createdAt, url: shopUrl(environment) };
  try {
    const session = await openSession(name);
    const { topology } = await readRunningState(session);
    if (topology === undefined) return { ...base, topology, stepsDone: 0, usdPerMonth: undefined };
    const stepsDone = steps.filter((step) => step.isDone(topology)).length;
    return { ...base, topology, stepsDone, usdPerMonth: session.priceOf(topology).usdPerMonth };
  } catch (error) {
    // One damaged state must not hide the other environments.
    const problem = error instanceof Error ? error.message : String(error);
    return { ...base, topology: undefined, stepsDone: 0, usdPerMonth: undefined, problem };
  }
}
