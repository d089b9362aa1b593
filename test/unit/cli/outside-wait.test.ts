import { expect, it } from "vitest";
import { outsideWaitMs } from "../../../cli/advice/outside-wait.ts";
import type { Sample, Snapshot } from "../../../cli/advice/snapshot.ts";

/** HAProxy's way: up to 512 requests a plain sum, from then on each takes a 512th of it out; given in whole ms, rounded up. */
function haproxy(answersMs: readonly number[]): number {
  let sum = 0;
  for (const [index, ms] of answersMs.entries()) sum += ms - (index >= 512 ? Math.ceil(sum / 512) : 0);
  return Math.ceil(sum / 512) / 1_000;
}

const many = (count: number, ms: number): readonly number[] => Array.from({ length: count }, () => ms);

/** What is scraped after answers that took so long at the router, 10 ms of each of them inside the shop. */
function after(answersMs: readonly number[], at: string): Snapshot {
  const sample = (name: string, value: number, labels = {}): Sample => ({ name, labels, value });
  const proxy = { proxy: "shop" };
  return {
    at,
    endpoints: [
      {
        job: "router",
        instance: "router",
        samples: [
          sample("haproxy_backend_http_requests_total", answersMs.length, proxy),
          sample("haproxy_backend_response_time_average_seconds", haproxy(answersMs), proxy),
        ],
      },
      {
        job: "shop",
        instance: "web-1",
        samples: [
          sample("shop_http_request_duration_seconds_sum", answersMs.length * 0.01),
          sample("shop_http_request_duration_seconds_count", answersMs.length),
        ],
      },
    ],
  };
}

const wait = (earlier: readonly number[], since: readonly number[]): number =>
  outsideWaitMs(after(earlier, "2026-01-01T00:00:00Z"), after([...earlier, ...since], "2026-01-01T00:00:09Z"), [
    "shop",
  ]);

it.each([
  ["a backend's first", many(0, 0), 60],
  ["those after a few", many(200, 12), 60],
  ["those after more than HAProxy sums", many(5_000, 12), 60],
  ["more than it sums", many(0, 0), 2_000],
])(
  "%s requests that waited 300 ms outside the shop are found to have, within what HAProxy rounds",
  (_, earlier, count) => {
    const found = wait(earlier, many(count, 310));
    expect(found).toBeGreaterThan(270);
    expect(found).toBeLessThanOrEqual(302);
  },
);

it("nothing is found where answers take what they take inside the shop, whatever was before", () => {
  for (const before of [0, 100, 512, 3_000]) expect(wait(many(before, 310), many(30, 11))).toBeLessThan(25);
});

it("a release whose first answers fall into the window is measured: what is declared and has no series yet counted nothing", () => {
  const [none, some] = [after([], "2026-01-01T00:00:00Z"), after(many(40, 310), "2026-01-01T00:00:09Z")];
  const fresh = none.endpoints.map((endpoint) =>
    endpoint.job === "shop" ? { ...endpoint, samples: [], families: ["shop_http_request_duration_seconds"] } : endpoint,
  );
  expect(outsideWaitMs({ ...none, endpoints: fresh }, some, ["shop"])).toBeGreaterThan(270);
});

it("where the router or the shop is not measured, or nobody asked, nothing is added", () => {
  const [one, two] = [after(many(10, 310), "2026-01-01T00:00:00Z"), after(many(30, 310), "2026-01-01T00:00:09Z")];
  const only = (job: string): Snapshot => ({ ...two, endpoints: two.endpoints.filter((each) => each.job === job) });
  expect(outsideWaitMs(one, two, ["shop"])).toBeGreaterThan(250);
  expect([outsideWaitMs(one, only("shop"), ["shop"]), outsideWaitMs(one, only("router"), ["shop"])]).toEqual([0, 0]);
  expect([outsideWaitMs(one, one, ["shop"]), outsideWaitMs(one, two, ["canary"])]).toEqual([0, 0]);
});
