import { metricNames } from "../../service/contract/metrics.ts";
import { bucketsOf, histogramQuantile, type Bucket } from "./histogram.ts";
import { increaseOf } from "./increase.ts";
import { outsideWaitMs } from "./outside-wait.ts";
import { routerTraffic, type shopProxies } from "./router-traffic.ts";
import { releaseOf, type Snapshot } from "./snapshot.ts";

/** What one release answered between two snapshots, shoppers and the CDN; undefined is "not known", never zero. */
export interface ReleaseTraffic {
  readonly requests: number | undefined;
  readonly failed: number | undefined;
  /** Time inside the shop and `waitMs`, in milliseconds. */
  readonly p95Ms: number | undefined;
  /** Mean that the router waited beyond the time inside the shop. */
  readonly waitMs: number;
  /** Time inside the shop by buckets, in seconds. */
  readonly latencies: readonly Bucket[];
}

/** The canary and everybody else over the same time: the router counts by backend, the instances' histograms go by release. */
export interface CanaryTraffic {
  readonly canary: ReleaseTraffic;
  readonly stable: ReleaseTraffic;
}

export function canaryTraffic(before: Snapshot, after: Snapshot, release: string): CanaryTraffic {
  return {
    canary: releaseTraffic(before, after, { proxy: "canary", takes: (one) => one === release }),
    stable: releaseTraffic(before, after, { proxy: "shop", takes: (one) => one !== release }),
  };
}

function releaseTraffic(
  before: Snapshot,
  after: Snapshot,
  {
    proxy,
    takes,
  }: { readonly proxy: (typeof shopProxies)[number]; readonly takes: (release: string | undefined) => boolean },
): ReleaseTraffic {
  const routed = routerTraffic(before, after, proxy);
  const own = (snapshot: Snapshot): Snapshot => ({
    ...snapshot,
    endpoints: snapshot.endpoints.filter((one) => one.job === "shop" && "samples" in one && takes(releaseOf(one))),
  });
  const ofShop = { before: own(before), after: own(after) };
  const latencies = bucketsOf(
    increaseOf(ofShop.before, ofShop.after, "shop", `${metricNames.httpDuration}_bucket`)?.series ?? [],
  );
  const p95 = histogramQuantile(0.95, latencies);
  const waitMs = outsideWaitMs(before, after, [proxy], ofShop);
  return {
    requests: routed?.requests,
    failed: routed?.serverErrors,
    p95Ms: p95 === undefined ? undefined : p95 * 1_000 + waitMs,
    waitMs,
    latencies,
  };
}
