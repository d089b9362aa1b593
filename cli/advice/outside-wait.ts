import { metricNames } from "../../service/contract/metrics.ts";
import { increaseOf } from "./increase.ts";
import { scrapedEndpoints, type Snapshot } from "./snapshot.ts";

/** HAProxy's mean is over so many requests (TIME_STATS_SAMPLES): of fewer since its start the sum over so many. */
const memory = 512;
/** It gives whole milliseconds, rounded up. */
const resolutionMs = 1;

/**
 * Mean milliseconds that answers of these backends took longer at the router than inside the shop, whose clock starts when
 * it begins to read a request: what waits before that, e.g. for an event loop that is held up, shoppers wait too. A lower
 * bound, of the requests between the snapshots, the later the more; 0 where the router or the shop was not measured.
 */
export function outsideWaitMs(
  before: Snapshot,
  after: Snapshot,
  proxies: readonly string[],
  ofShop: { readonly before: Snapshot; readonly after: Snapshot } = { before, after },
): number {
  const inside = meanInsideMs(ofShop.before, ofShop.after);
  const routed = proxies.map((proxy) => atRouter(before, after, proxy)).filter((one) => one !== undefined);
  const requests = routed.reduce((sum, one) => sum + one.requests, 0);
  if (inside === undefined || requests === 0) return 0;
  const mean = routed.reduce((sum, one) => sum + one.meanMs * one.requests, 0) / requests;
  return Math.max(0, mean - inside);
}

function meanInsideMs(before: Snapshot, after: Snapshot): number | undefined {
  const [seconds, answers] = ["_sum", "_count"].map(
    (part) => increaseOf(before, after, "shop", `${metricNames.httpDuration}${part}`)?.total ?? 0,
  );
  return answers ? ((seconds ?? 0) / answers) * 1_000 : undefined;
}

/** The mean of the requests between two readings of a mean that forgets: older ones are taken out by what is left of them. */
function atRouter(
  before: Snapshot,
  after: Snapshot,
  proxy: string,
): { readonly requests: number; readonly meanMs: number } | undefined {
  const now = reading(after, proxy);
  const earlier = reading(before, proxy);
  if (now === undefined) return undefined;
  // A router that was reloaded in between began anew.
  const base = earlier !== undefined && earlier.requests <= now.requests ? earlier : { requests: 0, meanMs: 0 };
  const requests = now.requests - base.requests;
  if (requests <= 0) return undefined;
  // Up to the first 512 all are summed, from then on each takes a 512th of the sum out.
  const summed = Math.max(0, Math.min(now.requests, memory) - base.requests);
  const left = (1 - 1 / memory) ** (requests - summed);
  const sum = Math.max(0, now.meanMs - resolutionMs) * memory - base.meanMs * memory * left;
  return { requests, meanMs: Math.max(0, sum) / (summed * left + memory * (1 - left)) };
}

function reading(
  snapshot: Snapshot,
  proxy: string,
): { readonly requests: number; readonly meanMs: number } | undefined {
  const [router] = scrapedEndpoints(snapshot, "router");
  const valueOf = (name: string): number | undefined =>
    router?.samples.find((sample) => sample.name === name && sample.labels["proxy"] === proxy)?.value;
  const requests = valueOf("haproxy_backend_http_requests_total");
  const seconds = valueOf("haproxy_backend_response_time_average_seconds");
  return requests === undefined || seconds === undefined ? undefined : { requests, meanMs: seconds * 1_000 };
}
