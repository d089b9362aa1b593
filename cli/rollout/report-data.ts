import type { Topology } from "../../infra/topology/topology.ts";
import { CapacityStore } from "../adapters/capacity-store.ts";
import { RolloutRecords } from "../adapters/rollout-records.ts";
import type { Session } from "../adapters/session.ts";
import type { Measurements } from "../advice/measurement.ts";
import type { Recommendation } from "../advice/recommend.ts";
import { atThreshold } from "../advice/why.ts";
import type { CapacityResult } from "../planning/capacity/capacity-result.ts";
import { costByUsers, countsFrom, type CostAtUsers } from "../planning/cost/cost-by-users.ts";
import { plannedUsage } from "../planning/cost/usage.ts";
import type { Cost, PriceOf } from "../planning/cost.ts";
import { adviseOn, type AdviceOptions } from "./advise.ts";
import { runningTopology } from "./running-topology.ts";
import { signalCurves, type SignalCurve } from "./signal-curves.ts";
import { usersAhead, type UsersAhead } from "./users-ahead.ts";
import type { StepRecord } from "./step-record.ts";

/** A rolled out step with what its gate saw. */
export interface ReportedRollout {
  readonly startedAt: string;
  readonly step: string;
  readonly direction: StepRecord["direction"];
  readonly state: StepRecord["state"];
  readonly seconds: number | null;
  readonly gate: string;
  readonly reasons: readonly string[];
}

/** What `report --json` prints, and what its page shows. */
export interface ReportData {
  readonly schema: "shopctl.report/1";
  readonly environment: string;
  readonly generatedAt: string;
  readonly users: number | null;
  readonly topology: Topology;
  readonly cost: Cost;
  readonly steps: Recommendation["steps"];
  /** The resource that breaches first, in words; or why it is not known. */
  readonly binding: string;
  readonly curves: readonly SignalCurve[];
  readonly headroom: Recommendation["headroom"];
  /** Why it is not known, and what would tell. */
  readonly headroomMissing: string | null;
  readonly capacity: CapacityResult | null;
  readonly usersAhead: UsersAhead;
  readonly costByUsers: readonly CostAtUsers[];
  /** Newest first. */
  readonly rollouts: readonly ReportedRollout[];
}

/** Everything that is known of where an environment stands on its road. */
export async function reportData(session: Session, options: AdviceOptions): Promise<ReportData> {
  const { root } = session.environment.paths;
  const topology = await runningTopology(session);
  const read = await adviseOn(session, topology, options);
  const [capacity, records] = await Promise.all([
    new CapacityStore(root).newestOf(topology),
    new RolloutRecords(root).list(),
  ]);
  return reportOf({ topology, priceOf: session.priceOf, ...read, capacity, records });
}

/** What a report is made of. */
interface Known {
  readonly topology: Topology;
  /** Of where the environment runs: every sum of a report is by it. */
  readonly priceOf: PriceOf;
  readonly advice: Recommendation;
  readonly measurements: Measurements;
  readonly capacity: CapacityResult | undefined;
  readonly records: readonly StepRecord[];
}

/** The report of what was read. */
export function reportOf({ topology, priceOf, advice, measurements, capacity, records }: Known): ReportData {
  const { users, binding, bindingMissing } = advice;
  const from = Math.max(1_000, Math.round(users ?? 1_000));
  return {
    schema: "shopctl.report/1",
    environment: advice.environment,
    generatedAt: advice.generatedAt,
    users,
    topology,
    cost: priceOf(topology, users === null ? undefined : plannedUsage(users)),
    steps: advice.steps,
    binding:
      binding === null
        ? `not known: ${bindingMissing ?? "nothing was read"}`
        : `${binding.resource}: ${atThreshold(binding)}`,
    curves: signalCurves(measurements, advice),
    headroom: advice.headroom,
    headroomMissing: advice.headroomMissing,
    capacity: capacity ?? null,
    usersAhead: usersAhead(measurements, topology, priceOf),
    costByUsers: costByUsers(topology, countsFrom(from), priceOf),
    rollouts: records.map(reported),
  };
}

function reported({ startedAt, endedAt, step, direction, state, gate, reasons = [] }: StepRecord): ReportedRollout {
  const seconds = endedAt === undefined ? null : (Date.parse(endedAt) - Date.parse(startedAt)) / 1_000;
  return { startedAt, step, direction, state, seconds, gate: gateText(gate), reasons };
}

function gateText(gate: StepRecord["gate"]): string {
  if (gate === undefined) return "not reached";
  const checks = gate.checks.map(({ check, value, limit, outcome }) => {
    const shown =
      value === undefined ? "not measured" : `${Math.round(value * 10) / 10} of ${Math.round(limit * 10) / 10}`;
    return `${check} ${shown}${outcome === "passed" ? "" : ` (${outcome})`}`;
  });
  return `${gate.outcome}: ${checks.join(", ")}`;
}
