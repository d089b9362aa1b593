import { describe, expect, test } from "vitest";
import { compact } from "../../../cli/advice/compact.ts";
import { measure } from "../../../cli/advice/signals.ts";
import type { SignalInput } from "../../../cli/advice/signal.ts";
import { freshRun } from "../../../cli/advice/window.ts";
import { baseline } from "../../../infra/topology/topology.ts";
import { shop, snapshotAt } from "./snapshots.ts";

const full = (requests: number) =>
  snapshotAt(
    requests,
    shop("w1", {
      'shop_http_requests_total{method="GET",route="/a",status="200"}': requests,
      'shop_http_requests_total{method="GET",route="/b",status="404"}': requests,
      'shop_http_request_duration_seconds_bucket{route="/a",le="1"}': requests,
      'shop_http_request_duration_seconds_bucket{route="/b",le="1"}': requests,
      'shop_http_request_duration_seconds_bucket{route="/a",le="+Inf"}': requests,
      'shop_http_request_duration_seconds_bucket{route="/b",le="+Inf"}': requests,
      'shop_limit_refusals_total{rule="api",address="shared"}': requests / 10,
      'shop_limit_refusals_total{rule="search",address="shared"}': requests / 10,
      shop_event_loop_utilization: NaN,
      nodejs_heap_size_total_bytes: 5,
    }),
  );
const input = (snapshots: SignalInput["snapshots"]): SignalInput => ({
  snapshots,
  history: snapshots,
  topology: baseline,
  observation: undefined,
  environmentCreatedAt: "2026-01-01T00:00:00.000Z",
});

const agesOf = (history: readonly number[], now: number): readonly number[] =>
  freshRun(
    history.map((seconds) => snapshotAt(seconds)),
    snapshotAt(now).at,
  ).map(({ at }) => (Date.parse(snapshotAt(now).at) - Date.parse(at)) / 1_000);

describe("the window", () => {
  test("reaches back over an unbroken run of kept scrapes", () => {
    expect(agesOf([0, 60, 170], 200)).toEqual([200, 140, 30]);
  });

  test("ends at a gap of more than two minutes, and at fifteen minutes", () => {
    expect(agesOf([0, 150, 200], 210)).toEqual([60, 10]);
    expect(agesOf([0, 400], 600)).toEqual([]);
    const everyMinute = Array.from({ length: 30 }, (_, minute) => minute * 60);
    expect(agesOf(everyMinute, 1_800).at(0)).toBe(900);
  });

  test("has nothing of scrapes from the future or of none", () => {
    expect(agesOf([100], 50)).toEqual([]);
    expect(agesOf([], 50)).toEqual([]);
  });
});

describe("a compact snapshot", () => {
  test("keeps the contract's metrics, by the labels that signals tell apart, and no value that is none", () => {
    const [endpoint] = compact(full(100)).endpoints;
    expect(endpoint).toMatchObject({
      samples: [
        { name: "shop_http_requests_total", labels: {}, value: 200 },
        { name: "shop_http_request_duration_seconds_bucket", labels: { le: "1" }, value: 200 },
        { name: "shop_http_request_duration_seconds_bucket", labels: { le: "+Inf" }, value: 200 },
        { name: "shop_limit_refusals_total", labels: { address: "shared" }, value: 20 },
      ],
    });
  });

  test("gives every signal the same as the full one", () => {
    const snapshots = [full(0), full(100)];
    const values = (from: SignalInput["snapshots"]) =>
      [...measure(input(from))].flatMap(([name, { reading }]) => ("value" in reading ? [[name, reading.value]] : []));
    expect(values(snapshots.map(compact))).toEqual(values(snapshots));
    expect(values(snapshots)).toEqual([
      ["response-p95", 0.95],
      ["shared-address-refusal-ratio", 0.1],
    ]);
  });

  test("keeps why an instance is missing", () => {
    const missing = { job: "shop", instance: "w2", missing: "ECONNREFUSED" } as const;
    expect(compact(snapshotAt(0, missing, { job: "router", instance: "r", samples: [] })).endpoints).toEqual([missing]);
  });
});
