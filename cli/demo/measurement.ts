import type { Observation } from "../../infra/observation.ts";
import type { TrafficStats } from "../load/traffic-report.ts";
import type { StepRecord } from "../rollout/step-record.ts";

/** What shoppers and the host met over one window of the demo. */
export interface Measurement {
  readonly seconds: number;
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly longestMs: number;
  readonly failed: number;
  readonly refused: number;
  readonly requests: number;
  /** Of all service instances together; undefined where the host does not tell. */
  readonly memoryMiB: number | undefined;
  readonly memoryGrantedMiB: number | undefined;
  readonly usdPerMonth: number;
}

/** Joins what the driver counted with what the host shows. */
export function measurementOf(stats: TrafficStats, observation: Observation, usdPerMonth: number): Measurement {
  const web = observation.processes.filter(({ component }) => component === "web");
  return {
    seconds: stats.seconds,
    requestsPerSecond: stats.sentPerSecond,
    p50Ms: stats.latencyMs.p50,
    p95Ms: stats.latencyMs.p95,
    p99Ms: stats.latencyMs.p99,
    longestMs: stats.latencyMs.longest,
    failed: stats.failures,
    refused: stats.refused,
    requests: stats.sent,
    memoryMiB: sum(web.map(({ usage }) => usage?.memoryMiB)),
    memoryGrantedMiB: sum(web.map(({ limits }) => limits?.memoryMiB)),
    usdPerMonth,
  };
}

/** Time that one step took, in seconds, from its preview to the end of its gate. */
export function stepSeconds({ durationsMs }: StepRecord): number {
  return Object.values(durationsMs).reduce((total, ms) => total + ms, 0) / 1_000;
}

/** A sum that is unknown when one of its parts is. */
function sum(parts: readonly (number | undefined)[]): number | undefined {
  return parts.reduce<number | undefined>(
    (total, part) => (total === undefined || part === undefined ? undefined : total + part),
    parts.length === 0 ? undefined : 0,
  );
}
