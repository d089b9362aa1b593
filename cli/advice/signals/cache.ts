import { figures } from "../../../service/contract/figures.ts";
import { metricNames as metric } from "../../../service/contract/metrics.ts";
import { gapIn } from "../counters.ts";
import { worstInstance } from "../gauges.ts";
import type { Reading, Signal, SignalInput } from "../signal.ts";
import { scrapedEndpoints, secondsBetween, valueOf, type ScrapedEndpoint, type Snapshot } from "../snapshot.ts";

const mebibyte = 1_024 * 1_024;
/** A day without a restart is long enough to say that none was lost to one; deployments are daily. */
const quietHistorySeconds = 86_400;
/** A hit ratio of fewer lookups is chance. */
const leastLookups = 100;

/** Signals of the application cache. */
export const cacheSignals = [
  {
    name: "processes-with-private-cache",
    label: (value) =>
      value === "1" ? "1 process with a cache of its own" : `${value} processes with caches of their own`,
    meaning: "processes that each hold a cache of their own",
    unit: "count",
    over: "instant",
    query: () => `count(${metric.cacheShared} == 0)`,
    read: privateCaches,
  },
  {
    name: "cache-memory-of-tier",
    label: (value) => `${value} of the tier's memory held by the cache`,
    meaning: "share of the tier's memory that an instance's own cache holds, of the instance with the largest",
    unit: "ratio",
    resource: "memory of the tier that the cache may take",
    over: "window",
    query: (window, { tier }) =>
      `max(avg_over_time(${metric.cacheBytes}[${window}])) / ${figures.tiers[tier].memoryMiB * mebibyte}`,
    read: ({ snapshots, topology }) => {
      const bytes = figures.tiers[topology.tier].memoryMiB * mebibyte;
      return worstInstance(snapshots, metric.cacheBytes, (endpoint) => {
        const value = valueOf(endpoint, metric.cacheBytes);
        return value === undefined ? undefined : value / bytes;
      });
    },
  },
  {
    name: "cache-hits-lost-at-restarts",
    label: (value) => `${value} of cache hits lost at a restart`,
    meaning: "hit ratio before a restart less the hit ratio since it, of the restart that cost most",
    unit: "ratio",
    over: "history",
    query: (window) =>
      `hit ratio before less after each change of ${metric.processStart} in [${window}], from ${metric.cacheHits} and ${metric.cacheMisses}`,
    read: hitsLostAtRestarts,
  },
] as const satisfies readonly Signal[];

function privateCaches({ snapshots }: SignalInput): Reading {
  const last = snapshots.at(-1);
  const gap = gapIn(snapshots, metric.cacheShared);
  const flags = (last === undefined ? [] : scrapedEndpoints(last, "shop")).map((one) =>
    valueOf(one, metric.cacheShared),
  );
  const known = flags.filter((flag) => flag === 0 || flag === 1);
  if (known.length === 0) return { missing: gap ?? `${metric.cacheShared} is neither 0 nor 1` };
  const value = known.filter((flag) => flag === 0).length;
  const lack =
    gap ?? (known.length < flags.length ? `${metric.cacheShared} of an instance is neither 0 nor 1` : undefined);
  return lack === undefined ? { value } : { value, lowerBound: lack };
}

/** Counters begin at zero with their process, so totals before a restart and totals since it are the two ratios. */
function hitsLostAtRestarts({ history }: SignalInput): Reading {
  const gap =
    gapIn(history, metric.cacheHits) ?? gapIn(history, metric.cacheMisses) ?? gapIn(history, metric.processStart);
  if (gap !== undefined) return { missing: gap };
  const losses = history.flatMap((before, index) => {
    const loss = lossAfter(before, history.slice(index + 1));
    return loss === undefined ? [] : [loss];
  });
  if (losses.length > 0) return { value: Math.max(0, ...losses) };
  const [first, last] = [history.at(0), history.at(-1)];
  const seconds = first && last ? Math.round(secondsBetween(first, last)) : 0;
  if (seconds >= quietHistorySeconds) return { value: 0 };
  const needed = `one restart with ${leastLookups} lookups before and after it, or ${quietHistorySeconds} s without one`;
  return {
    missing: `a restart in the history of ${metric.cacheHits}: there are ${seconds} s of it, it takes ${needed}`,
  };
}

/** What a restart right after `before` cost, by the first scrape that has enough lookups since; undefined without either. */
function lossAfter(before: Snapshot, later: readonly Snapshot[]): number | undefined {
  const [next] = later;
  const warm = hitRatio(scrapedEndpoints(before, "shop"));
  if (next === undefined || warm === undefined || startedAfter(before, next).length === 0) return undefined;
  const cold = later.map((after) => hitRatio(startedAfter(before, after))).find((ratio) => ratio !== undefined);
  return cold === undefined ? undefined : warm - cold;
}

function startedAfter(before: Snapshot, after: Snapshot): readonly ScrapedEndpoint[] {
  return scrapedEndpoints(after, "shop").filter(
    (endpoint) => (valueOf(endpoint, metric.processStart) ?? 0) * 1_000 > Date.parse(before.at),
  );
}

function hitRatio(endpoints: readonly ScrapedEndpoint[]): number | undefined {
  const total = (name: string): number =>
    endpoints
      .flatMap(({ samples }) => samples.filter((sample) => sample.name === name))
      .reduce((sum, { value }) => sum + value, 0);
  const [hits, misses] = [total(metric.cacheHits), total(metric.cacheMisses)];
  return hits + misses >= leastLookups ? hits / (hits + misses) : undefined;
}
