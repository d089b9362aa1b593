import { describe, expect, test } from "vitest";
import { forecastOf } from "../../../cli/advice/forecast.ts";
import { signalOf } from "../../../cli/advice/signals.ts";
import { median } from "../../../cli/advice/trend.ts";
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

interface Held {
  readonly errors: readonly number[];
  readonly covered: readonly boolean[];
}

/** Forecasts the days that were held back, over many seeds and kinds of growth. */
function heldOut(history: number, ahead: readonly number[], noise: number): Held {
  const errors: number[] = [];
  const covered: boolean[] = [];
  for (let seed = 1; seed <= 60; seed += 1) {
    for (const monthly of [0, 0.1, 0.3]) {
      for (const kind of ["linear", "exponential"] as const) {
        const course = growth({ kind, start: 5_000, monthly, noise, seed, from: now - history * day, weekly: 0.15 });
        const actual = growth({ kind, start: 5_000, monthly, noise: 0, seed, from: now - history * day, weekly: 0.15 });
        const forecast = users(hourly(history, course));
        for (const days of ahead) {
          const { low, value, high } = forecast.at(days);
          const noisy = course(now + days * day);
          errors.push(Math.abs(value / actual(now + days * day) - 1));
          covered.push(noisy >= low && noisy <= high);
        }
      }
    }
  }
  return { errors, covered };
}

const percent = (value: number): string => `${(value * 100).toFixed(1)}%`;

describe("a forecast of held-out days", () => {
  test.each([
    { history: 30, ahead: [1, 3, 7, 14], most: 0.05 },
    { history: 30, ahead: [30], most: 0.08 },
    { history: 56, ahead: [7, 14, 30], most: 0.05 },
  ])(
    "$ahead days ahead from $history days with 10% noise is near, and its interval fits",
    ({ history, ahead, most }) => {
      const { errors, covered } = heldOut(history, ahead, 0.1);
      const coverage = covered.filter(Boolean).length / covered.length;
      process.stdout.write(
        `${history} days, ${ahead.join("/")} ahead: median error ${percent(median(errors))}, coverage ${percent(coverage)}\n`,
      );
      expect(median(errors)).toBeLessThanOrEqual(most);
      expect(coverage).toBeGreaterThanOrEqual(0.8);
      expect(coverage).toBeLessThanOrEqual(0.95);
    },
  );
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
