import { figures } from "../../../service/contract/figures.ts";
import { metricNames as metric } from "../../../service/contract/metrics.ts";
import { routes } from "../../../service/contract/routes.ts";
import { gapIn, increaseOver, p95Of } from "../counters.ts";
import { largest, newestInstances, reportedByAny, worstInstance } from "../gauges.ts";
import type { Reading, Signal, SignalInput } from "../signal.ts";
import { scrapedEndpoints, secondsBetween, valueOf, type Snapshot } from "../snapshot.ts";

const mebibyte = 1_024 * 1_024;
const searchRoute = routes.search;

/** Signals of the service's processes, of what shoppers wait for, and of how many shoppers there are. */
export const instanceSignals = [
  {
    name: "cpu-of-tier",
    label: (value) => `${value} of the tier's CPU used`,
    meaning: "share of the tier's CPU that an instance uses, of the instance with the largest",
    unit: "ratio",
    resource: "CPU of the tier",
    over: "window",
    query: (window, { tier }) => `max(rate(${metric.processCpu}[${window}])) / ${figures.tiers[tier].cpu}`,
    read: cpuOfTier,
  },
  {
    name: "memory-of-tier",
    label: (value) => `${value} of the tier's memory used`,
    meaning: "share of the tier's memory that an instance holds, of the instance with the largest",
    unit: "ratio",
    resource: "memory of the tier",
    over: "window",
    query: (window, { tier }) =>
      `max(avg_over_time(${metric.processMemory}[${window}])) / ${figures.tiers[tier].memoryMiB * mebibyte}`,
    read: ({ snapshots, topology }) => {
      const bytes = figures.tiers[topology.tier].memoryMiB * mebibyte;
      return worstInstance(snapshots, metric.processMemory, (endpoint) => {
        const value = valueOf(endpoint, metric.processMemory);
        return value === undefined ? undefined : value / bytes;
      });
    },
  },
  {
    name: "event-loop-utilisation",
    label: (value) => `event loop busy ${value} of the time`,
    meaning: "share of time that an instance's event loop was busy, of the instance with the largest",
    unit: "ratio",
    resource: "event loop of an instance",
    over: "window",
    query: (window) => `max(avg_over_time(${metric.eventLoopUtilization}[${window}]))`,
    read: ({ snapshots }) =>
      worstInstance(snapshots, metric.eventLoopUtilization, (endpoint) =>
        valueOf(endpoint, metric.eventLoopUtilization),
      ),
  },
  {
    name: "response-p95",
    label: (value) => `95 of 100 answers within ${value}`,
    meaning: "95 of 100 requests were answered by the shop within this time",
    unit: "s",
    over: "window",
    query: (window) => `histogram_quantile(0.95, sum by (le) (increase(${metric.httpDuration}_bucket[${window}])))`,
    read: ({ snapshots }) => p95Of(snapshots, metric.httpDuration),
  },
  {
    name: "search-p95",
    label: (value) => `95 of 100 searches answered within ${value}`,
    meaning: "95 of 100 searches were answered by the shop within this time",
    unit: "s",
    over: "window",
    query: (window) =>
      `histogram_quantile(0.95, sum by (le) (increase(${metric.httpDuration}_bucket{route="${searchRoute}"}[${window}])))`,
    read: ({ snapshots }) => p95Of(snapshots, metric.httpDuration, { label: "route", value: searchRoute }),
  },
  {
    name: "users",
    label: (value) => `${value} users`,
    meaning: "registered users",
    unit: "count",
    over: "instant",
    query: () => `max(${metric.users})`,
    read: ({ snapshots }) => reportedByAny(snapshots, metric.users, (endpoint) => valueOf(endpoint, metric.users)),
  },
] as const satisfies readonly Signal[];

/** Of each instance over the time that it was seen in, so that one that started inside the window is not diluted. */
function cpuOfTier({ snapshots, topology }: SignalInput): Reading {
  if (snapshots.length < 2) return { missing: `${metric.processCpu}: one scrape, two are needed` };
  const shares = newestInstances(snapshots).map((instance) => ({ instance, cores: coresOf(instance, snapshots) }));
  const values = shares.flatMap(({ cores }) => (cores === undefined ? [] : [cores / figures.tiers[topology.tier].cpu]));
  const unknown = shares.find(({ cores }) => cores === undefined);
  const lack =
    gapIn(snapshots, metric.processCpu) ?? (unknown && `${unknown.instance} was scraped once, two are needed`);
  return largest(values, lack);
}

function coresOf(instance: string, snapshots: readonly Snapshot[]): number | undefined {
  const seen = snapshots
    .map((snapshot) => ({
      ...snapshot,
      endpoints: scrapedEndpoints(snapshot, "shop").filter((one) => one.instance === instance),
    }))
    .filter(({ endpoints }) => endpoints.some((endpoint) => Number.isFinite(valueOf(endpoint, metric.processCpu))));
  const [first, last] = [seen.at(0), seen.at(-1)];
  if (first === undefined || last === undefined || last.at !== snapshots.at(-1)?.at) return undefined;
  const seconds = secondsBetween(first, last);
  const used = increaseOver(seen, metric.processCpu)?.reduce((total, { increase }) => total + increase, 0);
  return used === undefined || !(seconds > 0) ? undefined : used / seconds;
}
