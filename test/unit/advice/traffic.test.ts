import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseExposition } from "../../../cli/adapters/metrics/parse-exposition.ts";
import { increaseOf } from "../../../cli/advice/increase.ts";
import type { EndpointScrape } from "../../../cli/advice/snapshot.ts";
import { trafficBetween } from "../../../cli/advice/traffic.ts";
import { samplesOf, shop, snapshotAt, startOfTests } from "./snapshots.ts";

const increase = (before: EndpointScrape[], after: EndpointScrape[]) =>
  increaseOf(snapshotAt(0, ...before), snapshotAt(10, ...after), "shop", "a_total");
const histogram = (counts: readonly [string, number][]) =>
  Object.fromEntries(
    counts.map(([le, count]) => [`shop_http_request_duration_seconds_bucket{route="/",le="${le}"}`, count]),
  );

const requests = (status: number) => `shop_http_requests_total{method="GET",route="/",status="${status}"}`;
const started = (seconds: number) => ({ process_start_time_seconds: startOfTests / 1_000 + seconds });

describe("a counter's increase", () => {
  test("is the difference, over all series and instances", () => {
    const before = [shop("w1", { 'a_total{x="1"}': 5, 'a_total{x="2"}': 1 }), shop("w2", { 'a_total{x="1"}': 7 })];
    const after = [shop("w1", { 'a_total{x="1"}': 8, 'a_total{x="2"}': 1 }), shop("w2", { 'a_total{x="1"}': 9 })];
    expect(increase(before, after)).toMatchObject({ total: 5, gaps: [] });
  });

  test("counts from zero after a reset, as PromQL does", () => {
    expect(increase([shop("w1", { a_total: 100 })], [shop("w1", { a_total: 30 })])?.total).toBe(30);
  });

  test("counts from zero after a restart even where the counter has passed its old value", () => {
    const before = [shop("w1", { a_total: 100, ...started(-600) })];
    expect(increase(before, [shop("w1", { a_total: 130, ...started(2) })])?.total).toBe(130);
    expect(increase(before, [shop("w1", { a_total: 130, ...started(-600) })])?.total).toBe(30);
  });

  test("counts a series that appeared on a known instance from zero", () => {
    expect(
      increase([shop("w1", { 'a_total{x="1"}': 1 })], [shop("w1", { 'a_total{x="1"}': 1, 'a_total{x="2"}': 4 })])
        ?.total,
    ).toBe(4);
  });

  test("is zero for a counter that is declared and has no series", () => {
    const declared: EndpointScrape = { job: "shop", instance: "w1", samples: [], families: ["a_total"] };
    expect(increase([declared], [declared])).toEqual({ series: [], total: 0, gaps: [] });
  });

  test("is not known for a counter that nobody exports", () => {
    expect(increase([shop("w1", { b: 1 })], [shop("w1", { b: 1 })])).toBeUndefined();
  });

  test("counts an instance that appeared from zero, and leaves out one that was there unscraped", () => {
    const missing: EndpointScrape = { job: "shop", instance: "w2", missing: "refused" };
    const late = shop("w2", { a_total: 50, ...started(-60) });
    expect(increase([], [shop("w2", { a_total: 50, ...started(3) })])?.total).toBe(50);
    expect(increase([missing], [late])).toMatchObject({
      total: 0,
      gaps: [{ instance: "w2", why: "not scraped before" }],
    });
  });

  test("leaves out a counter that a running instance did not export before", () => {
    const before = [shop("w1", { b: 1, ...started(-60) })];
    expect(increase(before, [shop("w1", { a_total: 50, ...started(-60) })])).toMatchObject({
      total: 0,
      gaps: [{ why: "not scraped before" }],
    });
  });

  test("names instances that vanished or could not be scraped any more", () => {
    const before = [shop("w1", { a_total: 5 }), shop("w2", { a_total: 5 }), shop("w3", { a_total: 5 })];
    const after: EndpointScrape[] = [shop("w1", { a_total: 6 }), { job: "shop", instance: "w3", missing: "timed out" }];
    expect(increase(before, after)).toMatchObject({
      total: 1,
      gaps: [
        { instance: "w2", why: "vanished" },
        { instance: "w3", why: "not scraped after" },
      ],
    });
  });
});

describe("traffic", () => {
  test("of the shop's own counters, where there is no router", () => {
    const before = snapshotAt(
      0,
      shop("w1", {
        [requests(200)]: 100,
        [requests(429)]: 1,
        ...histogram([
          ["0.1", 0],
          ["0.2", 0],
          ["+Inf", 0],
        ]),
      }),
    );
    const after = snapshotAt(
      10,
      shop("w1", {
        [requests(200)]: 150,
        [requests(429)]: 4,
        [requests(503)]: 2,
        shop_orders_total: 3,
        'shop_mail_messages_total{kind="order",transport="smtp",outcome="accepted"}': 2,
        ...histogram([
          ["0.1", 50],
          ["0.2", 100],
          ["+Inf", 100],
        ]),
        ...started(-100),
      }),
    );
    expect(trafficBetween(before, after)).toMatchObject({
      windowSeconds: 10,
      countedBy: "shop",
      requests: 55,
      requestsPerSecond: 5.5,
      serverErrors: 2,
      refused: 3,
      latencyMs: { p50: 100, p95: 190, p99: 198 },
    });
  });

  test("is not known, rather than zero, when nothing could be scraped", () => {
    const missing: EndpointScrape = { job: "shop", instance: "w1", missing: "refused" };
    expect(trafficBetween(snapshotAt(0, missing), snapshotAt(10, missing))).toMatchObject({
      countedBy: undefined,
      requests: undefined,
      requestsPerSecond: undefined,
      serverErrors: undefined,
      refused: undefined,
      latencyMs: undefined,
      mails: undefined,
      orders: undefined,
    });
  });

  test("of the router counts what shoppers got: 5xx of its own and answers cut off, each once", () => {
    // Recorded: eight requests; 200, 200, 500, a 200 cut off, three 502 and 503 that retries did not heal, one more 503.
    const { samples } = parseExposition(readFileSync(new URL("fixtures/haproxy-2.6.txt", import.meta.url), "utf8"));
    const idle = samples.map((sample) =>
      sample.name.endsWith("_start_time_seconds") ? sample : { ...sample, value: 0 },
    );
    const router = (from: typeof samples): EndpointScrape => ({ job: "router", instance: "router", samples: from });
    expect(trafficBetween(snapshotAt(0, router(idle)), snapshotAt(4, router(samples)))).toMatchObject({
      countedBy: "router",
      requests: 8,
      requestsPerSecond: 2,
      serverErrors: 6,
    });
  });

  test("of a router that a scrape missed is not known: the shop never saw what the router failed by itself", () => {
    const counts = (count: number): EndpointScrape[] => [
      {
        job: "router",
        instance: "router",
        samples: samplesOf({
          'haproxy_server_status{proxy="shop"}': 1,
          'haproxy_backend_http_requests_total{proxy="shop"}': count,
        }),
      },
      shop("w1", { [requests(200)]: count }),
    ];
    const missed: EndpointScrape = { job: "router", instance: "router", missing: "timed out" };
    const traffic = trafficBetween(snapshotAt(0, ...counts(0)), snapshotAt(10, missed, ...counts(90).slice(1)));
    expect(traffic).toMatchObject({
      countedBy: undefined,
      requests: undefined,
      serverErrors: undefined,
      gaps: [{ instance: "router", why: "not scraped after" }],
    });
  });

  test("of a router before a CDN counts what its cache asks the shop once, and no failure that it healed", () => {
    const router = (values: Record<string, number>): EndpointScrape => ({
      job: "router",
      instance: "router",
      samples: samplesOf({
        'haproxy_server_status{proxy="shop"}': 1,
        'haproxy_server_status{proxy="cdn"}': 1,
        ...values,
      }),
    });
    const counts = (cdn: number, shop: number, origin: number, shopFailures: number): EndpointScrape =>
      router({
        'haproxy_backend_http_requests_total{proxy="cdn"}': cdn,
        'haproxy_backend_http_requests_total{proxy="shop"}': shop,
        'haproxy_frontend_http_requests_total{proxy="origin"}': origin,
        'haproxy_backend_http_responses_total{proxy="cdn",code="5xx"}': 0,
        'haproxy_backend_http_responses_total{proxy="shop",code="5xx"}': shopFailures,
        'haproxy_frontend_http_responses_total{proxy="origin",code="5xx"}': shopFailures,
        'haproxy_backend_server_aborts_total{proxy="shop"}': 0,
      });
    // 90 by way of the cache, 20 of which the cache asked the shop for, and 10 past it.
    const traffic = trafficBetween(snapshotAt(0, counts(0, 0, 0, 0)), snapshotAt(10, counts(90, 30, 20, 3)));
    expect(traffic).toMatchObject({ requests: 100, serverErrors: 0 });
  });
});
