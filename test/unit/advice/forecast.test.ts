import { describe, expect, test } from "vitest";
import { forecastOf } from "../../../cli/advice/forecast.ts";
import { signalOf } from "../../../cli/advice/signals.ts";
import { median } from "../../../cli/advice/theil-sen.ts";
import { growth, seeded } from "../../support/growth.ts";
import { nowOfTests as now } from "./measured.ts";

const day = 86_400;
const hourly = (days: number, value: (at: number) => number) =>
  Array.from({ length: days * 24 }, (_, hour) => now - (days * 24 - 1 - hour) * 3_600).map((at) => ({
    at,
    value: value(at),
  }));
const users = (points: ReturnType<typeof hourly>) => {
  const forecast = forecastOf({ signal: signalOf("users"), points, lack: null }, now);
  if ("missing" in forecast) throw new Error(forecast.missing);
  return forecast;
};

/** Kinds of growth, each over many seeds, as a shop of 5,000 users may have it; `days` of it are known. */
function* courses(days: number) {
  for (let seed = 1; seed <= 60; seed += 1) {
    for (const monthly of [0, 0.1, 0.3]) {
      for (const kind of ["linear", "exponential"] as const) {
        const way = { kind, start: 5_000, monthly, seed, from: now - days * day, weekly: 0.15 };
        const truth = growth({ ...way, noise: 0 });
        yield { kind, seen: growth({ ...way, noise: 0.1 }), truth, even: growth({ ...way, noise: 0, weekly: 0 }) };
      }
    }
  }
}

/** Forecasts of days that were held back: errors are against the growth itself, intervals are of the noisy days. */
function heldOut(history: number, ahead: readonly number[]) {
  const errors: number[] = [];
  const covered: boolean[] = [];
  for (const { seen, truth } of courses(history)) {
    const forecast = users(hourly(history, seen));
    for (const days of ahead) {
      const { low, value, high } = forecast.at(days);
      const noisy = seen(now + days * day);
      errors.push(Math.abs(value / truth(now + days * day) - 1));
      covered.push(noisy >= low && noisy <= high);
    }
  }
  return { error: median(errors), coverage: covered.filter(Boolean).length / covered.length };
}

/**
 * What is left to whoever is told the kind of growth, the week and how noisy each day is, and has only start and rate to find
 * out: least squares, weighted. By Gauss and Markov nobody who takes no growth for likelier than another does better.
 */
function floorOf(history: number, ahead: number): number {
  const errors = [...courses(history)].map(({ kind, seen, truth, even }) => {
    const isLinear = kind === "linear";
    const days = Array.from({ length: history }, (_, index) => index - history + 1).map((at) => {
      const level = even(now + at * day);
      const value = (seen(now + at * day) / truth(now + at * day)) * level;
      return { at, value: isLinear ? value : Math.log(value), weight: isLinear ? level ** -2 : 1 };
    });
    const weighted = (of: (one: (typeof days)[number]) => number): number =>
      days.reduce((sum, one) => sum + one.weight * of(one), 0) / days.reduce((sum, { weight }) => sum + weight, 0);
    const [middle, mean] = [weighted(({ at }) => at), weighted(({ value }) => value)];
    const slope =
      weighted(({ at, value }) => (at - middle) * (value - mean)) / weighted(({ at }) => (at - middle) ** 2);
    const found = mean + slope * (ahead - middle);
    return Math.abs((isLinear ? found : Math.exp(found)) / even(now + ahead * day) - 1);
  });
  return median(errors);
}

const percent = (value: number): string => `${(value * 100).toFixed(1)}%`;

describe("a forecast of held-out days with 10% noise", () => {
  test.for([
    { history: 30, ahead: [1, 3, 7, 14] },
    { history: 42, ahead: [30] },
    { history: 56, ahead: [7, 14, 30] },
    { history: 56, ahead: [30] },
  ])(
    "is within 5% $ahead days ahead from $history days, and its interval fits",
    async ({ history, ahead }, { annotate }) => {
      const { error, coverage } = heldOut(history, ahead);
      await annotate(`median error ${percent(error)}, coverage ${percent(coverage)}`, "figure");
      expect(error).toBeLessThanOrEqual(0.05);
      expect(coverage).toBeGreaterThanOrEqual(0.8);
      expect(coverage).toBeLessThanOrEqual(0.95);
    },
  );

  test("from 30 days cannot be within 5% 30 days ahead, and is not much worse than what can be", async ({
    annotate,
  }) => {
    const floor = floorOf(30, 30);
    const { error, coverage } = heldOut(30, [30]);
    await annotate(
      `median error ${percent(error)}, of ${percent(floor)} at least; coverage ${percent(coverage)}`,
      "figure",
    );
    expect(floor).toBeGreaterThan(0.05);
    expect(error).toBeLessThan(floor * 1.25);
    expect(error).toBeLessThanOrEqual(0.08);
    expect([coverage >= 0.8, coverage <= 0.95]).toEqual([true, true]);
  });
});

describe("a breach", () => {
  const breach = (points: ReturnType<typeof hourly>, threshold: number) => users(points).breachOf(threshold);

  test("is a range round the day on which growth gets there", () => {
    const random = seeded(7);
    const found = breach(
      hourly(42, (at) => 7_000 + ((at - now) / day) * 20 + (random() - 0.5) * 60),
      7_600,
    );
    expect(found?.likely).toMatch(/^2026-01-(29|30|31)$/);
    expect(found!.earliest <= "2026-01-31").toBe(true);
    expect(found!.latest! >= "2026-01-31").toBe(true);
  });

  test("has no date without growth, and none after growth that stalled", () => {
    expect(
      breach(
        hourly(42, () => 7_000),
        8_000,
      ),
    ).toBeUndefined();
    const stalled = (at: number) => Math.min(7_000, 7_000 + ((at - (now - 20 * day)) / day) * 50);
    expect(breach(hourly(42, stalled), 8_000)).toBeUndefined();
  });

  test("is not bent by one strange day", () => {
    const spike = (at: number) =>
      5_000 + ((at - now) / day) * 10 + (at > now - 9 * day && at < now - 8 * day ? 20_000 : 0);
    expect(breach(hourly(42, spike), 5_300)?.likely).toBe("2026-01-31");
  });

  test("of what has peaks is of a level that three days of seven reach", () => {
    const signal = signalOf("cpu-of-tier");
    /** Two days of each week are half as high again; that is not enough of them. */
    const weekend = hourly(42, (at) => (Math.floor((at - 20) / day) % 7 < 2 ? 0.6 : 0.4));
    const forecast = forecastOf({ signal, points: weekend, lack: null }, now);
    expect("missing" in forecast || forecast.breachOf(0.59)).toBeUndefined();
  });

  test("takes two weeks of history", () => {
    expect(forecastOf({ signal: signalOf("users"), points: hourly(10, () => 1), lack: null }, now)).toEqual({
      missing: "10 days of history, a forecast takes 14",
    });
  });
});
