import type { CapacityPoint, CapacityResult } from "../../cli/planning/capacity/capacity-result.ts";
import { baseline } from "../../infra/topology/topology.ts";

function point(ratePerSecond: number, breach: string | null): CapacityPoint {
  const use = (name: string, limitCpu: number, ms: number) => ({
    name,
    limitCpu,
    cpuSecondsPerRequest: ms / 1_000,
    utilisation: (ratePerSecond * ms) / 1_000 / limitCpu,
  });
  return {
    ratePerSecond,
    seconds: 5,
    throughputPerSecond: ratePerSecond,
    concurrency: ratePerSecond / 50,
    latencyMs: { p50: 5, p95: 50, p99: 100, longest: 200 },
    requests: ratePerSecond * 5,
    failures: 0,
    refused: 0,
    driverLagMs: 1,
    othersCpu: 0,
    breach,
    resources: [use("service", 0.5, 2), use("database", 0.5, 0.4), use("host", 2, 3)],
  };
}

/** A starter instance whose service is used up at 225 requests a second. */
export const capacityExample: CapacityResult = {
  schema: "shopctl.capacity/1",
  id: "a",
  environment: "demo",
  at: "2026-01-01T00:00:00.000Z",
  topology: baseline,
  users: 8_500,
  hostCpus: 2,
  objectives: { p95Ms: 2_000, failures: 0 },
  points: [point(100, null), point(225, null), point(300, "the queue grew by 99 of 1500 requests")],
  kneePerSecond: 225,
  ended: "breach",
  usl: null,
};
