import { MiB, growing, histogram, now, refusals, since, type Case } from "./case.ts";

const search = (route: string, le: string): string =>
  `shop_http_request_duration_seconds_bucket{route="${route}",le="${le}"}`;

/** Signals of the processes of the shop and of their requests. */
export const instanceCases: readonly Case[] = [
  {
    what: "a p95 of fewer than 20 observations an hour is none, and those hours are quiet",
    signal: "response-p95",
    instances: { w1: histogram("shop_http_request_duration_seconds", { "0.05": 0.005, "+Inf": 0.005 }) },
    quietHours: 30,
  },
  {
    what: "hours without the metric are not quiet",
    signal: "search-p95",
    instances: {
      w1: { 'shop_http_request_duration_seconds_bucket{route="other",le="+Inf"}': since(now - 4 * 3_600, 7) },
    },
    quietHours: 5,
  },
  {
    what: "the largest of some instances is a lower bound",
    signal: "memory-of-tier",
    instances: { w1: { process_resident_memory_bytes: 256 * MiB }, w2: {} },
    level: 0.5,
    lack: { why: "w2 gives no process_resident_memory_bytes", leaves: "lower-bound" },
  },
  {
    what: "a restart does not make a counter fall",
    signal: "cpu-of-tier",
    instances: { w1: { process_cpu_seconds_total: growing(0.25, now - 5_400) } },
    level: 0.5,
  },
  {
    what: "hours that were hardly measured do not count",
    signal: "event-loop-utilisation",
    instances: {
      w1: {
        up: (at) => (at < now - 6 * 3_600 || at > now - 4 * 3_600 ? 1 : undefined),
        shop_event_loop_utilization: (at) => (at < now - 6 * 3_600 || at > now - 4 * 3_600 ? 0.5 : undefined),
      },
    },
    level: 0.5,
    historySeconds: 28 * 3_600,
  },
  {
    what: "less than an hour is one window, as long as it is",
    signal: "event-loop-utilisation",
    instances: { w1: { shop_event_loop_utilization: 0.25 } },
    level: 0.25,
    lengthSeconds: 1_200,
    historySeconds: 1_200,
  },
  {
    what: "a metric that came with a release counts from there",
    signal: "event-loop-utilisation",
    instances: { w1: { shop_event_loop_utilization: since(now - 7_200, 0.4) } },
    level: 0.4,
  },
  {
    what: "requests are those of all instances",
    signal: "request-rate",
    instances: { w1: refusals(0, 0, 3), w2: refusals(0, 0, 4) },
    level: 7,
  },
  {
    what: "users are the newest count",
    signal: "users",
    instances: { w1: { shop_users: (at) => 8_500 + (at - now) / 600 } },
    level: 8_500,
  },
  {
    what: "the p95 of searches is of searches alone",
    signal: "search-p95",
    instances: {
      w1: {
        [search("/shop/api/products/search/", "2")]: growing(0),
        [search("/shop/api/products/search/", "4")]: growing(1),
        [search("/shop/api/products/search/", "+Inf")]: growing(1),
        [search("/shop/api/", "2")]: growing(9),
        [search("/shop/api/", "+Inf")]: growing(9),
      },
    },
    level: 3.9,
  },
];
