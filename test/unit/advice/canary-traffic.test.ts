import { describe, expect, test } from "vitest";
import { canaryTraffic } from "../../../cli/advice/canary-traffic.ts";
import type { EndpointScrape } from "../../../cli/advice/snapshot.ts";
import { trafficBetween } from "../../../cli/advice/traffic.ts";
import { hasFailed } from "../../../cli/rollout/canary-gate.ts";
import { samplesOf, snapshotAt } from "./snapshots.ts";

/** Requests, failures and answers cut off that a proxy of the router counted. */
type Counts = readonly [requests: number, failed?: number, cutOff?: number];
type Router = Readonly<Record<"cdn" | "canary" | "shop" | "origin", Counts>>;

/** A router as it is: it has all of these proxies, whether anything goes by way of them or not. */
function router(counts: Router): EndpointScrape {
  const values = Object.entries(counts).map(([proxy, [requests, failed = 0, cutOff = 0]]) => {
    const side = proxy === "origin" ? "frontend" : "backend";
    const ofBackend = {
      [`haproxy_server_status{proxy="${proxy}"}`]: 1,
      [`haproxy_backend_server_aborts_total{proxy="${proxy}"}`]: cutOff,
    };
    return {
      [`haproxy_${side}_http_requests_total{proxy="${proxy}"}`]: requests,
      [`haproxy_${side}_http_responses_total{proxy="${proxy}",code="5xx"}`]: failed,
      ...(side === "backend" ? ofBackend : {}),
    };
  });
  return { job: "router", instance: "router", samples: values.flatMap((one) => samplesOf(one)) };
}

const before = snapshotAt(0, router({ cdn: [0], canary: [0], shop: [0], origin: [0] }));
const after = (counts: Router) => snapshotAt(10, router(counts));
const traffic = (counts: Router) => canaryTraffic(before, after(counts), "0000000000bb");

describe("the traffic of a canary and of what runs beside it", () => {
  test("is what the router counted of each backend", () => {
    const { canary, stable } = traffic({ cdn: [0], canary: [20, 1, 2], shop: [80, 4], origin: [0] });
    expect([canary.requests, canary.failed, stable.requests, stable.failed]).toEqual([20, 3, 80, 4]);
  });

  test("is not less by what a CDN asked for: of that each backend counted its own", () => {
    // 600 requests past the CDN and 400 by way of it, of which it asked for 100; half of what reached the shop met the canary.
    const counts: Router = { cdn: [400], canary: [350], shop: [350], origin: [100] };
    const { canary, stable } = traffic(counts);
    expect([canary.requests, stable.requests]).toEqual([350, 350]);
    expect(trafficBetween(before, after(counts)).requests).toBe(1_000);
  });

  test("is not nothing where the CDN asked for nearly all of it", () => {
    const { canary, stable } = traffic({ cdn: [900], canary: [21], shop: [84], origin: [100] });
    expect([canary.requests, stable.requests]).toEqual([21, 84]);
  });

  test("has the failures that no shopper saw because the CDN held an answer, and the canary fails by them", () => {
    const failing = traffic({ cdn: [400], canary: [350, 50], shop: [350], origin: [100, 50] });
    expect([failing.canary.failed, failing.stable.failed]).toEqual([50, 0]);
    expect(hasFailed({ sharePercent: 50, step: failing, window: failing, stepSeconds: 10, windowSeconds: 10 })).toBe(
      true,
    );
  });

  test("is not known of a router that was missed", () => {
    const missed = snapshotAt(10, { job: "router", instance: "router", missing: "timed out" });
    const { canary, stable } = canaryTraffic(before, missed, "0000000000bb");
    expect([canary.requests, canary.failed, stable.requests]).toEqual([undefined, undefined, undefined]);
  });
});
