import { increaseOf, lostInstances, type Gap } from "./increase.ts";
import { scrapedEndpoints, type Snapshot } from "./snapshot.ts";

/** The router's backends of the shop's instances. */
export const shopProxies = ["shop", "canary"] as const;

/** The router's frontend that the CDN asks. */
export const cdnOrigin = "origin";

/**
 * What the router counted, from HAProxy's own exporter. A shopper's failures are the 5xx answers of the backend, HAProxy's
 * own 502, 503 and 504 for servers that it cannot reach included, and `server_aborts`: answers that a server cut off after
 * their head was sent, which count as 2xx. `connection_errors` and `response_errors` are not added: each that a retry did
 * not heal is one of these already, but for a kept-alive connection that HAProxy 2.6 closes without an answer when an instance
 * dies over its request: that is counted nowhere. Undefined when no router was scraped both times. Only of one backend where `proxy`
 * names it: then all that this backend counted, with what the CDN asked it for.
 */
export function routerTraffic(
  before: Snapshot,
  after: Snapshot,
  proxy?: string,
): { readonly countedBy: "router"; readonly requests: number; readonly serverErrors: number } | undefined {
  const proxies = new Set(
    proxy === undefined ? [...proxiesWithServers(before), ...proxiesWithServers(after)] : [proxy],
  );
  const count = (name: string, code?: string): number | undefined => {
    const increase = increaseOf(before, after, "router", name);
    if (increase === undefined || increase.gaps.length > 0) return undefined;
    const taken = increase.series.filter(
      ({ labels }) => proxies.has(labels["proxy"] ?? "") && (code === undefined || labels["code"] === code),
    );
    return taken.reduce((sum, one) => sum + one.increase, 0);
  };
  // What the CDN asks the shop is no request of a shopper, and what the shop fails it in may be healed by what it holds.
  // Which backend answered it the frontend's count does not say, so it is taken off all of them together and off no single one.
  const ofCdn = (name: string, code?: string): number =>
    (increaseOf(before, after, "router", name)?.series ?? [])
      .filter(({ labels }) => labels["proxy"] === cdnOrigin && (code === undefined || labels["code"] === code))
      .reduce((sum, one) => sum + one.increase, 0);
  const shoppers = (part: string, code?: string): number | undefined => {
    const all = count(`haproxy_backend_${part}`, code);
    if (all === undefined || proxy !== undefined) return all;
    return Math.max(0, all - ofCdn(`haproxy_frontend_${part}`, code));
  };
  const requests = shoppers("http_requests_total");
  const failed = shoppers("http_responses_total", "5xx");
  const cutOff = count("haproxy_backend_server_aborts_total");
  if (requests === undefined || failed === undefined || cutOff === undefined) return undefined;
  return { countedBy: "router", requests, serverErrors: failed + cutOff };
}

/** Why the router's counts are not known, where a scrape missed it. */
export function routerGaps(before: Snapshot, after: Snapshot): readonly Gap[] {
  const counted = increaseOf(before, after, "router", "haproxy_backend_http_requests_total");
  return counted?.gaps ?? lostInstances(before, after, "router");
}

/** Backends that shoppers reach; a listener for statistics has no servers. */
function proxiesWithServers(snapshot: Snapshot): readonly string[] {
  return scrapedEndpoints(snapshot, "router").flatMap(({ samples }) =>
    samples.filter(({ name }) => name === "haproxy_server_status").map(({ labels }) => labels["proxy"] ?? ""),
  );
}
