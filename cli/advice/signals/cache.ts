import { metricNames as metric } from "../../../service/contract/metrics.ts";
import { leastLoadSeconds, type Signal } from "../signal.ts";

const mebibyte = 1_024 * 1_024;
/** A day without a restart is long enough to say that none was lost to one; deployments are daily. */
const quietHistorySeconds = 86_400;

/** A hit ratio of fewer lookups is chance. */
const leastLookups = 100;
const warm = (name: string): string => `sum(increase(${name}[1h] offset 30m))`;
const warmHitRatio = ratio(warm(metric.cacheHits), warm(metric.cacheMisses));
/** Counters begin at zero with their process, so the totals of those that just started are what came since. */
const cold = (name: string): string => `sum(${name} and on (instance) ${metric.processStart} > time() - 1800)`;
const coldHitRatio = ratio(cold(metric.cacheHits), cold(metric.cacheMisses));

function ratio(hits: string, misses: string): string {
  return `${hits} / (${hits} + ${misses} >= ${leastLookups})`;
}

/** Signals of the application cache. */
export const cacheSignals = [
  {
    name: "processes-with-private-cache",
    label: (value) =>
      value === "1" ? "1 process with a cache of its own" : `${value} processes with caches of their own`,
    meaning: "processes that each hold a cache of their own",
    unit: "count",
    over: "instant",
    query: () => `count(${metric.cacheShared} == 0) or 0 * count(${metric.cacheShared})`,
    needs: [metric.cacheShared],
    instances: "worst",
    leastHistorySeconds: 0,
  },
  {
    name: "cache-memory-of-tier",
    label: (value) => `${value} of the tier's memory held by the cache`,
    meaning: "share of the tier's memory that an instance's own cache holds, of the instance with the largest",
    unit: "ratio",
    resource: "memory of the tier that the cache may take",
    over: "window",
    query: (window) => `max(avg_over_time(${metric.cacheBytes}[${window}]))`,
    per: ({ tier }, tiers) => tiers[tier].memoryMiB * mebibyte,
    needs: [metric.cacheBytes],
    instances: "worst",
    leastHistorySeconds: leastLoadSeconds,
    forecast: true,
  },
  {
    name: "cache-hits-lost-at-restarts",
    label: (value) => `${value} of cache hits lost at a restart`,
    meaning:
      "hit ratio of the hour before a restart less that of the half hour since it, of the restart that cost most",
    unit: "ratio",
    over: "event",
    query: () => `${warmHitRatio} - ${coldHitRatio}`,
    needs: [metric.cacheHits, metric.cacheMisses, metric.processStart],
    instances: "together",
    leastHistorySeconds: quietHistorySeconds,
    windowHours: 0.5,
  },
] as const satisfies readonly Signal[];
