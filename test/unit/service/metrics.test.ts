import { expect, it } from "vitest";
import { RestartDelay } from "../../../service/cluster/restart-delay.ts";
import { SummedMetrics } from "../../../service/cluster/summed-metrics.ts";
import { workerArguments } from "../../../service/cluster/worker-environment.ts";
import { createMetrics } from "../../../service/metrics/shop-metrics.ts";

it("every metric is named and explained as Prometheus asks", async () => {
  const all = await createMetrics("smtp").registry.getMetricsAsJSON();
  const own = all.filter(({ name }) => name.startsWith("shop_"));
  expect(own.length).toBeGreaterThan(25);
  for (const { name, help, type } of own) {
    const kind = String(type);
    expect(name, name).toMatch(/^shop_[a-z][a-z0-9_]*$/);
    // Counters end in _total and nothing else does; times are in seconds, sizes in bytes, never in a part of them.
    expect(name.endsWith("_total"), name).toBe(kind === "counter");
    expect(name, name).not.toMatch(/_(ms|milliseconds|minutes|kb|mb|percent|gauge|histogram|counter)(_|$)/);
    if (kind === "histogram") expect(name).toMatch(/_seconds$/);
    expect(help, name).toMatch(/^[A-Z1].{4,}[^.]$/);
  }
  expect(new Set(own.map(({ help }) => help)).size).toBe(own.length);
});

it("buckets of time rise, and reach past the two seconds of the objective", async () => {
  const { httpDuration } = createMetrics("smtp");
  httpDuration.observe({ route: "/" }, 0.001);
  const { values } = await httpDuration.get();
  const bounds = values.flatMap(({ labels }) =>
    "le" in labels ? [Number(String(labels["le"]).replace("+Inf", "Infinity"))] : [],
  );
  expect(bounds).toEqual(bounds.toSorted((a, b) => a - b));
  expect(bounds).toEqual(expect.arrayContaining([0.05, 0.5, 2, 5, Number.POSITIVE_INFINITY]));
});

it("workers are added up: counters and own gauges summed, shared ones not; what a dead one counted stays", async () => {
  const sums = new SummedMetrics();
  const workers = [1, 2].map((n) => {
    const metrics = createMetrics("smtp");
    metrics.orders.inc(n * 10);
    metrics.httpDuration.observe({ route: "/" }, 0.01);
    metrics.poolInUse.set(n);
    metrics.users.set(500);
    metrics.dbActive.inc(7);
    metrics.eventLoopUtilization.set(n / 4);
    return metrics.registry;
  });
  const [first = [], second = []] = await Promise.all(workers.map((registry) => registry.getMetricsAsJSON()));
  const lineOf = (text: string, series: string): string | undefined =>
    text.split("\n").find((line) => line.startsWith(`${series} `));
  const all = await sums.text([first, second]);
  expect(lineOf(all, "shop_orders_total")).toBe("shop_orders_total 30");
  expect(lineOf(all, 'shop_http_request_duration_seconds_count{route="/"}')).toMatch(/ 2$/);
  expect(lineOf(all, "shop_db_pool_in_use")).toBe("shop_db_pool_in_use 3");
  expect(lineOf(all, "shop_users")).toBe("shop_users 500");
  expect(lineOf(all, "shop_db_active_seconds_total")).toBe("shop_db_active_seconds_total 7");
  expect(lineOf(all, "shop_event_loop_utilization")).toBe("shop_event_loop_utilization 0.5");
  sums.keep(second);
  sums.keep(second);
  const after = await sums.text([first]);
  expect(lineOf(after, "shop_orders_total")).toBe("shop_orders_total 50");
  expect(lineOf(after, 'shop_http_request_duration_seconds_count{route="/"}')).toMatch(/ 3$/);
  expect(lineOf(after, "shop_db_pool_in_use")).toBe("shop_db_pool_in_use 1");
});

it("a worker that dies young is replaced later and later, one that lived at once", () => {
  const delay = new RestartDelay();
  const youngDeaths = Array.from({ length: 8 }, () => delay.after(1_000));
  expect(youngDeaths).toEqual([100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000]);
  expect(delay.after(60_000)).toBe(100);
});

it("a heap that was given to the instance is divided among its workers", () => {
  expect(workerArguments(["--enable-source-maps", "--max-old-space-size=2867"], 2)).toEqual([
    "--enable-source-maps",
    "--max-old-space-size=1433",
  ]);
});
