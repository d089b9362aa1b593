import { databasePlans } from "../../../infra/topology/database-plans.ts";
import type { Topology } from "../../../infra/topology/topology.ts";
import { figures } from "../../../service/contract/figures.ts";
import { diffTopologies } from "../topology-diff.ts";
import type { CapacityPoint, CapacityResult, ResourceUse } from "./capacity-result.ts";

/** A resource under another topology, by what a request takes of it where it was measured. */
export interface PredictedResource {
  readonly name: string;
  readonly cpu: number;
  readonly cpuSecondsPerRequest: number;
  /** Requests a second at which it is used up as far as the binding resource was at the knee. */
  readonly capacityPerSecond: number;
}

export interface CapacityPrediction {
  readonly topology: Topology;
  readonly capacityPerSecond: number;
  /** The resource that breaches first. */
  readonly binding: string;
  /** Nearest to its end first. */
  readonly resources: readonly PredictedResource[];
  /** Share of a resource that could be used at the measured knee, which is what prediction takes for every resource. */
  readonly usableShare: number;
  /** What the prediction takes for granted. */
  readonly assumptions: readonly string[];
}

/** Below this nothing that was measured was used up at the knee: something else bound, and would bind again. */
const boundShare = 0.7;
const leastUsable = 0.5;

/**
 * What another topology can serve by a measured one: a request takes the same processor time of each resource, and each can
 * be used as far as the one that bound at the knee. Undefined where the measurement has no kept rate, or no limits.
 */
export function predictCapacity(measured: CapacityResult, topology: Topology): CapacityPrediction | undefined {
  const knee = kneePoint(measured);
  if (knee === undefined) return undefined;
  const shares = knee.resources.flatMap(({ utilisation }) => (utilisation === null ? [] : [utilisation]));
  if (shares.length === 0) return undefined;
  const highest = Math.max(...shares);
  const usableShare = Math.min(1, Math.max(leastUsable, highest));
  const resources = knee.resources
    .flatMap((resource) => predicted(resource, topology, measured, usableShare))
    .toSorted((left, right) => left.capacityPerSecond - right.capacityPerSecond);
  const [first] = resources;
  if (first === undefined) return undefined;
  return {
    topology,
    capacityPerSecond: first.capacityPerSecond,
    binding: first.name,
    resources,
    usableShare,
    assumptions: assumptionsOf(measured, topology, highest),
  };
}

/** The highest rate that was kept. */
function kneePoint({ points, kneePerSecond }: CapacityResult): CapacityPoint | undefined {
  return points.find(({ ratePerSecond, breach }) => breach === null && ratePerSecond === kneePerSecond);
}

function predicted(
  { name, cpuSecondsPerRequest }: ResourceUse,
  topology: Topology,
  { hostCpus }: CapacityResult,
  usableShare: number,
): readonly PredictedResource[] {
  const cpu = resourceCpu(name, topology, hostCpus);
  if (!(cpuSecondsPerRequest > 0)) return [];
  return [{ name, cpu, cpuSecondsPerRequest, capacityPerSecond: (cpu * usableShare) / cpuSecondsPerRequest }];
}

/** Cores of a resource in a topology; what no plan limits has the host's. */
export function resourceCpu(name: string, { tier, instances, database }: Topology, hostCpus: number): number {
  if (name === "service") return figures.tiers[tier].cpu * instances;
  if (name === "database") return databasePlans[database].cpu;
  return hostCpus;
}

const known: ReadonlySet<string> = new Set(["tier", "instances", "database"]);

function assumptionsOf(measured: CapacityResult, topology: Topology, highest: number): readonly string[] {
  const changed = diffTopologies(measured.topology, topology).filter(({ field }) => !known.has(field));
  return [
    `a request takes the processor time that it took at ${measured.kneePerSecond.toFixed(0)} a second on ${measured.at.slice(0, 10)}`,
    ...changed.map(({ field, to }) => `${field} ${to} changes nothing about that: it was not measured`),
    ...(highest < boundShare
      ? [`no limit was used for more than ${(highest * 100).toFixed(0)}%: something else bound, and may again`]
      : []),
    ...(measured.ended === "breach" ? [] : ["the search ended before the knee: capacity is at least this"]),
  ];
}
