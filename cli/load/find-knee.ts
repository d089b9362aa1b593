import type { Observation } from "../../infra/observation.ts";
import { breachOf, driverIsLate, type LoadObjectives } from "../planning/capacity/breach.ts";
import type { CapacityPoint, CapacityResult } from "../planning/capacity/capacity-result.ts";
import { bestKept, nextTry, type KneeBounds, type NextTry } from "../planning/capacity/knee-search.ts";
import { drain, measureRate } from "./measure-rate.ts";
import { cpuReading, othersCpu, resourceUse, type CpuReading } from "./resource-use.ts";
import type { Traffic } from "./traffic.ts";

export interface KneeSearch {
  readonly traffic: Traffic;
  readonly bounds: KneeBounds;
  readonly objectives: LoadObjectives;
  readonly warmUpSeconds: number;
  /** Near the knee three times as long. */
  readonly secondsPerRate: number;
  readonly hostCpus: number;
  readonly signal: AbortSignal;
  readonly observe: () => Promise<Observation>;
  readonly onPoint: (point: CapacityPoint) => void;
}

export interface Knee {
  readonly points: readonly CapacityPoint[];
  readonly kneePerSecond: number;
  readonly ended: CapacityResult["ended"];
}

/** What piled up in three windows beyond the knee takes longer than one of them to leave. */
const drainMs = 20_000;
const longerNearTheKnee = 3;

/** Tries rates until the knee is known: the highest at which every objective is kept. The caller starts and stops the traffic. */
export async function findKnee(search: KneeSearch): Promise<Knee> {
  const { traffic, bounds, signal, onPoint } = search;
  const points: CapacityPoint[] = [];
  const tried = (): { ratePerSecond: number; kept: boolean }[] =>
    points.map(({ ratePerSecond, breach }) => ({ ratePerSecond, kept: breach === null }));
  const end = (ended: Knee["ended"]): Knee => ({
    points: points.toSorted((left, right) => left.ratePerSecond - right.ratePerSecond),
    kneePerSecond: bestKept(tried()),
    ended,
  });
  for (let next = nextTry([], bounds); next !== undefined; next = nextTry(tried(), bounds)) {
    const point = await tryRate(search, next);
    if (signal.aborted) return end("stopped");
    if (driverIsLate(point.driverLagMs)) return end("driver");
    points.push(point);
    onPoint(point);
    if (point.breach !== null) await drain(traffic, drainMs, signal);
  }
  return end(points.some(({ breach }) => breach !== null) ? "breach" : "bounds");
}

async function tryRate(search: KneeSearch, { ratePerSecond, isNear }: NextTry): Promise<CapacityPoint> {
  const { traffic, objectives, warmUpSeconds, secondsPerRate, hostCpus, signal, observe } = search;
  const readings: CpuReading[] = [];
  const atEdge = async (): Promise<void> => {
    readings.push(cpuReading(await observe()));
  };
  const timing = {
    ratePerSecond,
    warmUpSeconds,
    seconds: isNear ? secondsPerRate * longerNearTheKnee : secondsPerRate,
    signal,
    atEdge,
  };
  const { stats, concurrency, inFlight } = await measureRate(traffic, timing);
  const { sent, failures, refused, latencyMs, seconds, driverLagMs } = stats;
  const queueGrowth = inFlight.last - inFlight.first;
  const throughputPerSecond = seconds > 0 ? (sent - queueGrowth) / seconds : 0;
  const [before, after] = readings;
  const known = before !== undefined && after !== undefined;
  const resources = known ? resourceUse(before, after, { throughputPerSecond, hostCpus }) : [];
  const ownCpu = (resources.find(({ name }) => name === "host")?.utilisation ?? 0) * hostCpus;
  return {
    ratePerSecond,
    seconds,
    throughputPerSecond,
    concurrency,
    latencyMs: { ...latencyMs },
    requests: sent,
    failures,
    refused,
    driverLagMs,
    othersCpu: known ? othersCpu(before, after, ownCpu) : 0,
    breach: breachOf({ sent, failures, refused, p95Ms: latencyMs.p95, queueGrowth }, objectives),
    resources: [...resources],
  };
}
