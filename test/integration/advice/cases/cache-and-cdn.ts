import type { Course } from "../../../support/made-up-series.ts";
import { MiB, growing, now, start, type Case } from "./case.ts";

/** Warm until a restart twenty minutes ago; 90% of lookups hit before it, `after` since. */
const restarted = now - 1_200;
const cache = (after: number): Record<string, Course> => {
  const split =
    (warm: number, cold: number): Course =>
    (at) =>
      at < restarted ? (at - start) * warm : (at - restarted) * cold;
  return {
    shop_cache_hits_total: split(0.9, after),
    shop_cache_misses_total: split(0.1, 1 - after),
    process_start_time_seconds: (at: number) => (at < restarted ? start : restarted),
  };
};
const answers = (cacheable: number, other: number): Record<string, Course> => ({
  'shop_http_answers_total{cacheable="yes"}': growing(cacheable),
  'shop_http_answers_total{cacheable="no"}': growing(other),
  'shop_http_answer_bytes_total{cacheable="yes"}': growing(cacheable * 3_000),
  'shop_http_answer_bytes_total{cacheable="no"}': growing(other * 1_000),
});

/** Signals of the cache and of what a CDN could answer. */
export const cacheAndCdnCases: readonly Case[] = [
  {
    what: "what a CDN could answer is a share of the requests of all instances",
    signal: "cacheable-request-ratio",
    instances: { w1: answers(0.3, 0.1), w2: answers(0.3, 0.3) },
    level: 0.6,
  },
  {
    what: "and of the bytes, which weigh otherwise",
    signal: "cacheable-bytes-ratio",
    instances: { w1: answers(0.3, 0.3) },
    level: 0.75,
  },
  {
    what: "a process with a cache of its own counts",
    signal: "processes-with-private-cache",
    instances: { w1: { shop_cache_shared: 0 }, w2: { shop_cache_shared: 0 }, w3: { shop_cache_shared: 1 } },
    level: 2,
  },
  {
    what: "shared caches are none of a process",
    signal: "processes-with-private-cache",
    instances: { w1: { shop_cache_shared: 1 } },
    level: 0,
  },
  {
    what: "memory of the cache is of the tier's",
    signal: "cache-memory-of-tier",
    instances: { w1: { shop_cache_bytes: 128 * MiB } },
    level: 0.25,
  },
  {
    what: "a restart costs the hits that the cache had before it",
    signal: "cache-hits-lost-at-restarts",
    instances: { w1: cache(0.4) },
    level: 0.5,
  },
  {
    what: "a day without a restart has lost nothing",
    signal: "cache-hits-lost-at-restarts",
    instances: {
      w1: { shop_cache_hits_total: growing(1), shop_cache_misses_total: growing(1), process_start_time_seconds: start },
    },
    level: 0,
  },
];
