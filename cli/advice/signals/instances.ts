import { metricNames as metric } from "../../../service/contract/metrics.ts";
import { routes } from "../../../service/contract/routes.ts";
import { leastLoadSeconds, orQuiet, type Signal } from "../signal.ts";

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
    query: (window) => `max(rate(${metric.processCpu}[${window}]))`,
    per: ({ tier }, tiers) => tiers[tier].cpu,
    needs: [metric.processCpu],
    instances: "worst",
    leastHistorySeconds: leastLoadSeconds,
    forecast: true,
  },
  {
    name: "memory-of-tier",
    label: (value) => `${value} of the tier's memory used`,
    meaning: "share of the tier's memory that an instance holds, of the instance with the largest",
    unit: "ratio",
    resource: "memory of the tier",
    over: "window",
    query: (window) => `max(avg_over_time(${metric.processMemory}[${window}]))`,
    per: ({ tier }, tiers) => tiers[tier].memoryMiB * mebibyte,
    needs: [metric.processMemory],
    instances: "worst",
    leastHistorySeconds: leastLoadSeconds,
    forecast: true,
  },
  {
    name: "event-loop-utilisation",
    label: (value) => `event loop busy ${value} of the time`,
    meaning: "share of time that an instance's event loop was busy, of the instance with the largest",
    unit: "ratio",
    resource: "event loop of an instance",
    over: "window",
    query: (window) => `max(avg_over_time(${metric.eventLoopUtilization}[${window}]))`,
    needs: [metric.eventLoopUtilization],
    instances: "worst",
    leastHistorySeconds: leastLoadSeconds,
    forecast: true,
  },
  {
    name: "response-p95",
    label: (value) => `95 of 100 answers within ${value}`,
    meaning: "95 of 100 requests were answered by the shop within this time",
    unit: "s",
    over: "window",
    query: (window) =>
      orQuiet(
        `histogram_quantile(0.95, sum by (le) (rate(${metric.httpDuration}_bucket[${window}]))) and on () sum(increase(${metric.httpDuration}_bucket{le="+Inf"}[${window}])) >= 20`,
        `${metric.httpDuration}_bucket{le="+Inf"}`,
      ),
    needs: [`${metric.httpDuration}_bucket`],
    instances: "together",
    leastHistorySeconds: leastLoadSeconds,
    quiet: "fewer than 20 requests",
  },
  {
    name: "search-p95",
    label: (value) => `95 of 100 searches answered within ${value}`,
    meaning: "95 of 100 searches were answered by the shop within this time",
    unit: "s",
    over: "window",
    query: (window) =>
      orQuiet(
        `histogram_quantile(0.95, sum by (le) (rate(${metric.httpDuration}_bucket{route="${searchRoute}"}[${window}]))) and on () sum(increase(${metric.httpDuration}_bucket{route="${searchRoute}",le="+Inf"}[${window}])) >= 20`,
        `${metric.httpDuration}_bucket{le="+Inf"}`,
      ),
    needs: [`${metric.httpDuration}_bucket`],
    instances: "together",
    leastHistorySeconds: leastLoadSeconds,
    quiet: "fewer than 20 searches",
  },
  {
    name: "request-rate",
    label: (value) => `${value} requests a second`,
    meaning: "requests a second that the instances answered together",
    unit: "count",
    over: "window",
    query: (window) => `sum(rate(${metric.httpRequests}[${window}]))`,
    needs: [metric.httpRequests],
    instances: "worst",
    leastHistorySeconds: leastLoadSeconds,
    forecast: true,
  },
  {
    name: "users",
    label: (value) => `${value} users`,
    meaning: "registered users",
    unit: "count",
    over: "instant",
    query: () => `max(${metric.users})`,
    needs: [metric.users],
    instances: "any",
    leastHistorySeconds: 0,
    forecast: true,
  },
] as const satisfies readonly Signal[];
