import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { prometheusSource } from "../../../cli/adapters/metrics/prometheus.ts";
import type { Measurements } from "../../../cli/advice/measurement.ts";
import type { MetricsSource } from "../../../cli/advice/metrics-source.ts";
import { readSignals } from "../../../cli/advice/read-signals.ts";
import { signals } from "../../../cli/advice/signals.ts";
import { baseline } from "../../../infra/topology/topology.ts";
import { startKeptHistory, type KeptHistory } from "../../support/kept-history.ts";
import { madeUpLines, type MadeUpEnvironment } from "../../support/made-up-series.ts";
import { recordedLines, recordedSignals, type RecordedSeries } from "../../support/recorded-signals.ts";
import { counter, healthyShop, load } from "../../support/shop-courses.ts";

/** A minute after the rules were evaluated, as it may happen. */
const now = Date.parse("2026-03-03T12:01:00.000Z") / 1_000;
const hour = 3_600;
const day = 24 * hour;
const days = 9;
const restart = now - 2 * day - 1_000;
const isHole = (at: number): boolean => at > now - 30 * hour && at < now - 20 * hour;
let history: KeptHistory;

/** Two instances; one started again, and two orders were left without their mail. */
function shop(name: string): MadeUpEnvironment {
  const instance = (seed: number) => ({
    ...healthyShop(now, seed),
    shop_mail_unsent_orders: (at: number) => (at > now - day + 600 && at < now - day + 1_800 ? 2 : 0),
    process_cpu_seconds_total: counter(load({ peak: 0.2, until: now, seed }), seed === 1 ? [restart] : []),
  });
  const instances = { w1: instance(1), w2: instance(2) };
  return { name, instances, until: now, lengthSeconds: days * day, intervalSeconds: 60 };
}

/** As it stands in a shop's Prometheus whose name is among the labels. */
function recordedIn(
  environment: string,
  recorded: readonly RecordedSeries[],
  change: Partial<Record<"from" | "factor", number>> & { readonly of?: string; readonly hole?: true } = {},
): readonly RecordedSeries[] {
  const { from = 0, factor = 1, of, hole } = change;
  return recorded.map(({ record, labels, points }) => ({
    record,
    labels: { ...labels, environment, ...(of === undefined ? {} : { of }) },
    points: points
      .filter(({ at }) => at >= from && !(hole && isHole(at)))
      .map(({ at, value }) => ({ at, value: factor * value })),
  }));
}

function* allLines(environments: readonly string[], recorded: readonly RecordedSeries[]): Generator<string> {
  for (const line of madeUpLines(environments.map(shop))) if (line !== "# EOF\n") yield line;
  yield* recordedLines(recorded);
  yield "# EOF\n";
}

beforeAll(async () => {
  const scraped = await startKeptHistory(madeUpLines([shop("scraped")]));
  const recorded = await recordedSignals(scraped.url, { from: now - days * day, to: now });
  await scraped.stop();
  const environments = ["scraped", "recorded", "upgraded", "changed"];
  history = await startKeptHistory(
    allLines(environments, [
      ...recordedIn("recorded", recorded),
      ...recordedIn("upgraded", recorded, { from: now - 3 * day, hole: true }),
      ...recordedIn("changed", recorded, { of: "another expression", factor: 1_000 }),
    ]),
  );
}, 300_000);

afterAll(async () => {
  await history?.stop();
});

interface Asked {
  readonly query: string;
  readonly start: number;
  readonly end: number;
}

/** What is read of an environment, and the stretches for which its scrapes were asked. */
async function read(environment: string): Promise<{ measurements: Measurements; scrapes: readonly Asked[] }> {
  const source = prometheusSource({ name: "made up", url: history.url });
  const scrapes: Asked[] = [];
  const watched: MetricsSource = {
    ...source,
    range: (query, range) => {
      if (!query.startsWith("shop:signal:value") && range.stepSeconds > 10) scrapes.push({ query, ...range });
      return source.range(query, range);
    },
  };
  const measurements = await readSignals({
    source: watched,
    signals,
    topology: baseline,
    selector: `environment="${environment}"`,
    now,
    windowSeconds: undefined,
    since: undefined,
    facts: { now: new Date(now * 1_000).toISOString(), observation: undefined, environmentCreatedAt: "2026-01-01" },
  });
  return { measurements, scrapes };
}

/** By signal everything but the values. */
function withoutValues({ of }: Measurements): Record<string, unknown> {
  return Object.fromEntries(
    [...of].map(([name, { points, quietAt, subject, historySeconds, windowSeconds }]) => [
      name,
      { points: points.map(({ at }) => at), quietAt, subject, historySeconds, windowSeconds },
    ]),
  );
}

function farthest(left: Measurements, right: Measurements): number {
  const apart = [...left.of].flatMap(([name, { points }]) =>
    points.map(({ at, value }) => {
      const other = right.of.get(name)?.points.find((one) => one.at === at)?.value ?? NaN;
      return Math.abs(value - other) / Math.max(Math.abs(value), 1e-9);
    }),
  );
  return Math.max(...apart);
}

describe("what the rules of the monitoring step recorded", () => {
  test("is read in place of the scrapes of all windows but the newest, with the same values", async () => {
    const [scraped, recorded] = [await read("scraped"), await read("recorded")];
    expect(withoutValues(recorded.measurements)).toEqual(withoutValues(scraped.measurements));
    // A window's end and the evaluation before it are a minute apart.
    expect(farthest(scraped.measurements, recorded.measurements)).toBeLessThan(0.03);
    const long = recorded.scrapes.filter(({ start, end }) => start !== now && end > now - (days - 1) * day);
    expect(long).toEqual([]);
    expect(scraped.scrapes.filter(({ start }) => start < now - day).length).toBeGreaterThan(20);
  });

  test("is completed from the scrapes where it begins later and has a hole", async () => {
    const [scraped, upgraded] = [await read("scraped"), await read("upgraded")];
    expect(withoutValues(upgraded.measurements)).toEqual(withoutValues(scraped.measurements));
    expect(farthest(scraped.measurements, upgraded.measurements)).toBeLessThan(0.03);
    const inUse = upgraded.scrapes.filter(({ query }) => query.includes("shop_db_pool_in_use"));
    expect(inUse.map(({ start, end }) => [(now - end) / hour, (now - start) / hour])).toEqual([
      [72, 56 * 24],
      [20, 29],
      [0, 0],
    ]);
  });

  test("is not read when it is of another expression", async () => {
    const [scraped, changed] = [await read("scraped"), await read("changed")];
    expect(changed.measurements.of.get("pool-utilisation")?.points).toEqual(
      scraped.measurements.of.get("pool-utilisation")?.points,
    );
    expect(farthest(scraped.measurements, changed.measurements)).toBe(0);
  });
});
