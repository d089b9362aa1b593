import { metricNames } from "../../service/contract/metrics.ts";
import { bucketsOf, histogramQuantile } from "./histogram.ts";
import { increaseOf, lostInstances, type CounterIncrease, type Gap } from "./increase.ts";
import { outsideWaitMs } from "./outside-wait.ts";
import { routerGaps, routerTraffic, shopProxies } from "./router-traffic.ts";
import { secondsBetween, type Snapshot } from "./snapshot.ts";

/** What shoppers got between two snapshots; undefined is "not known", never zero. */
export interface Traffic {
  readonly from: string;
  readonly to: string;
  readonly windowSeconds: number;
  /** Who counted `requests` and `serverErrors`: the router, the shop's instances where there is none, or shopctl's own probes. */
  readonly countedBy: "router" | "shop" | "probes" | undefined;
  readonly requests: number | undefined;
  readonly requestsPerSecond: number | undefined;
  /** Answers of 5xx, those that the router gives for a server it cannot reach included, and answers cut off half-way. */
  readonly serverErrors: number | undefined;
  /** Answers of 429: refusals, not failures. */
  readonly refused: number | undefined;
  /**
   * Time inside the shop over all routes, and the mean that the router waited beyond it, in milliseconds; undefined without a
   * request.
   */
  readonly latencyMs: { readonly p50: number; readonly p95: number; readonly p99: number } | undefined;
  readonly mails: number | undefined;
  readonly orders: number | undefined;
  /** Instances of the shop whose counts are not complete, so that those values are lower bounds, and a router that was missed. */
  readonly gaps: readonly Gap[];
}

/** Traffic between two snapshots, over all instances; restarts and instances that came or went are accounted for. */
export function trafficBetween(before: Snapshot, after: Snapshot): Traffic {
  const windowSeconds = secondsBetween(before, after);
  const shop = increaseOf(before, after, "shop", metricNames.httpRequests);
  // The shop knows nothing of what never reached it, so its counts do not stand in for a router's that were missed.
  const counted = hasRouter(before) || hasRouter(after) ? routerTraffic(before, after) : shopTraffic(shop);
  return {
    from: before.at,
    to: after.at,
    windowSeconds,
    countedBy: counted?.countedBy,
    requests: counted?.requests,
    requestsPerSecond: counted !== undefined && windowSeconds > 0 ? counted.requests / windowSeconds : undefined,
    serverErrors: counted?.serverErrors,
    refused: shop && sumWhere(shop, (status) => status === "429"),
    latencyMs: latencyBetween(before, after),
    mails: increaseOf(before, after, "shop", metricNames.mailMessages)?.total,
    orders: increaseOf(before, after, "shop", metricNames.orders)?.total,
    gaps: [...(shop?.gaps ?? lostInstances(before, after, "shop")), ...routerGaps(before, after)],
  };
}

function hasRouter({ endpoints }: Snapshot): boolean {
  return endpoints.some(({ job }) => job === "router");
}

function shopTraffic(
  shop: CounterIncrease | undefined,
): { countedBy: "shop"; requests: number; serverErrors: number } | undefined {
  if (shop === undefined) return undefined;
  return { countedBy: "shop", requests: shop.total, serverErrors: sumWhere(shop, (status) => status.startsWith("5")) };
}

function sumWhere(increase: CounterIncrease, takes: (status: string) => boolean): number {
  return increase.series
    .filter(({ labels }) => takes(labels["status"] ?? ""))
    .reduce((sum, one) => sum + one.increase, 0);
}

function latencyBetween(before: Snapshot, after: Snapshot): Traffic["latencyMs"] {
  const increase = increaseOf(before, after, "shop", `${metricNames.httpDuration}_bucket`);
  const buckets = bucketsOf(increase?.series ?? []);
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((q) => histogramQuantile(q, buckets));
  if (p50 === undefined || p95 === undefined || p99 === undefined) return undefined;
  const waited = outsideWaitMs(before, after, shopProxies);
  return { p50: p50 * 1_000 + waited, p95: p95 * 1_000 + waited, p99: p99 * 1_000 + waited };
}
