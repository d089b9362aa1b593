import { databasePlans } from "../../../infra/topology/database-plans.ts";
import type { Topology } from "../../../infra/topology/topology.ts";
import { figures } from "../../../service/contract/figures.ts";
import { sendgridPlanFor } from "../cost/mail-line.ts";
import { daysPerMonth, type Usage } from "../cost/usage.ts";
import type { CapacityResult } from "./capacity-result.ts";
import { predictCapacity, resourceCpu, type CapacityPrediction } from "./predict-capacity.ts";

/** How much of a resource so many users take. */
export interface PredictedUse {
  readonly resource: string;
  /** 0..1 of what there is; above 1 it does not fit. */
  readonly utilisation: number;
  readonly threshold: number;
  readonly source: string;
  /** Users at which the threshold is reached. */
  readonly breachesAtUsers: number;
  readonly basis: string;
}

export interface Simulation {
  readonly topology: Topology;
  readonly users: number;
  readonly peakPerSecond: number;
  /** Nearest to its threshold, or furthest over it, first. */
  readonly uses: readonly PredictedUse[];
  readonly firstBreach: PredictedUse | undefined;
  /** Undefined without a measured capacity. */
  readonly capacity: CapacityPrediction | undefined;
  /** What this says nothing about. */
  readonly notPredicted: readonly string[];
}

export interface SimulationInput {
  readonly topology: Topology;
  readonly users: number;
  /** Usage of a month with so many users. */
  readonly usage: Usage;
  /** Requests a second of the peak with so many users. */
  readonly peakPerSecond: number;
  readonly measured: CapacityResult | undefined;
}

const cpuThreshold = 0.7;
const fullThreshold = 0.8;

/** What so many users would make of a topology: each resource, the first to breach, and the capacity left. */
export function simulate(input: SimulationInput): Simulation {
  const { topology, users, peakPerSecond, measured } = input;
  const capacity = measured === undefined ? undefined : predictCapacity(measured, topology);
  const uses = [...processors(input, capacity), storage(input), mail(input)]
    .filter((use) => use !== undefined)
    .toSorted((left, right) => right.utilisation / right.threshold - left.utilisation / left.threshold);
  return {
    topology,
    users,
    peakPerSecond,
    uses,
    firstBreach: uses[0],
    capacity,
    notPredicted: [
      ...(capacity === undefined ? ["processors: no capacity was measured (shopctl load capacity)"] : []),
      "memory and connections: neither grows in proportion to users",
    ],
  };
}

function processors(
  { topology, users, peakPerSecond, measured }: SimulationInput,
  capacity: CapacityPrediction | undefined,
): readonly PredictedUse[] {
  if (measured === undefined || capacity === undefined) return [];
  const near = pointNear(measured, peakPerSecond / capacity.capacityPerSecond);
  return (near?.resources ?? []).flatMap(({ name, cpuSecondsPerRequest }) => {
    const cpu = resourceCpu(name, topology, measured.hostCpus);
    const utilisation = (peakPerSecond * cpuSecondsPerRequest) / cpu;
    if (!(utilisation > 0)) return [];
    return [
      used(`CPU of ${name === "host" ? "this host" : `the ${name}`}`, utilisation, users, {
        threshold: cpuThreshold,
        source: "objective of the growth plan: 60 to 70%",
        basis: `${(cpuSecondsPerRequest * 1_000).toFixed(2)} ms a request, measured at ${near?.ratePerSecond.toFixed(0)} a second; ${cpu} CPU`,
      }),
    ];
  });
}

/** A request costs less under load: the measured rate that was as near to its knee as the peak is to the capacity. */
function pointNear(
  { points, kneePerSecond }: CapacityResult,
  share: number,
): CapacityResult["points"][number] | undefined {
  const kept = points.filter(({ breach }) => breach === null);
  const distance = (rate: number): number => Math.abs(rate / kneePerSecond - Math.min(1, share));
  return kept.toSorted((left, right) => distance(left.ratePerSecond) - distance(right.ratePerSecond))[0];
}

function storage({ topology, users, usage }: SimulationInput): PredictedUse {
  const { storageGiB } = databasePlans[topology.database];
  const { value, basis } = usage.databaseGiB;
  const because = {
    threshold: fullThreshold,
    source: "plan's storage",
    basis: `${value.toFixed(2)} of ${storageGiB} GiB; ${basis}`,
  };
  return used("storage of the database plan", value / storageGiB, users, because);
}

function mail({ topology, users, usage }: SimulationInput): PredictedUse {
  const perDay = usage.mailsPerMonth.value / daysPerMonth;
  // The plan that the bill is by.
  const plan = sendgridPlanFor(usage.mailsPerMonth.value);
  const quota = topology.mail === "smtp" ? figures.email.gmailSmtpPerDay : plan.perMonth / daysPerMonth;
  const basis = `${perDay.toFixed(0)} of ${quota.toFixed(0)} mails a day; ${usage.mailsPerMonth.basis}`;
  return used("mails of the transport's quota", perDay / quota, users, {
    threshold: fullThreshold,
    source: topology.mail === "smtp" ? "the transport's day" : `a month of ${plan.name}`,
    basis,
  });
}

function used(
  resource: string,
  utilisation: number,
  users: number,
  because: Pick<PredictedUse, "threshold" | "source" | "basis">,
): PredictedUse {
  const breachesAtUsers = utilisation > 0 ? Math.floor((users * because.threshold) / utilisation) : Infinity;
  return { resource, utilisation, breachesAtUsers, ...because };
}
