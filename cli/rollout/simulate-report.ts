import type { Cost } from "../planning/cost.ts";
import type { CapacityResult } from "../planning/capacity/capacity-result.ts";
import { simulate, type Simulation } from "../planning/capacity/simulate.ts";
import type { Topology } from "../../infra/topology/topology.ts";
import type { Usage } from "../planning/cost/usage.ts";
import { CapacityStore } from "../adapters/capacity-store.ts";
import type { Session } from "../adapters/session.ts";
import { rateOf } from "../load/mix.ts";

/** What `scale simulate --json` prints. */
export interface SimulateReport extends Simulation {
  readonly schema: "shopctl.simulate/1";
  readonly environment: string;
  readonly usersNow: number;
  readonly calibratedBy: Pick<CapacityResult, "id" | "at" | "topology" | "kneePerSecond"> | null;
  readonly usage: Usage;
  readonly cost: Cost;
}

export interface SimulateQuestion {
  readonly topology: Topology;
  readonly users: number;
  readonly usersNow: number;
  readonly usage: Usage;
}

/** What so many users would make of a topology, by the newest capacity that was measured of it, or of another one. */
export async function simulateReport(session: Session, question: SimulateQuestion): Promise<SimulateReport> {
  const { topology, users, usersNow, usage } = question;
  const store = new CapacityStore(session.environment.paths.root);
  const measured =
    (await store.newestOf(topology)) ?? (await store.list()).find(({ kneePerSecond }) => kneePerSecond > 0);
  const simulation = simulate({ topology, users, usage, peakPerSecond: rateOf(users), measured });
  return {
    schema: "shopctl.simulate/1",
    environment: session.environment.name,
    usersNow,
    ...simulation,
    calibratedBy:
      measured === undefined
        ? null
        : { id: measured.id, at: measured.at, topology: measured.topology, kneePerSecond: measured.kneePerSecond },
    usage,
    cost: session.priceOf(topology, usage),
  };
}
