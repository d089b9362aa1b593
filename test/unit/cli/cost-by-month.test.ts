import { expect, test } from "vitest";
import { costByMonth } from "../../../cli/planning/cost/cost-by-month.ts";
import { priceOn } from "../../../cli/planning/cost.ts";
import { baseline } from "../../../infra/topology/topology.ts";

const priceOf = priceOn("local");
const nowMs = Date.parse("2026-11-20T00:00:00Z");

test("months to come cost what their users ask for, at each edge of the forecast", () => {
  const usersAt = (day: number) => ({ low: 7_000, likely: 7_000 + day * 40, high: 7_000 + day * 200 });
  const months = costByMonth(baseline, { nowMs, horizonDays: 75, usersAt, priceOf });
  expect(months.map(({ month }) => month)).toEqual(["2026-12", "2027-01", "2027-02"]);
  expect(months.map(({ users }) => users)).toEqual([
    { low: 7_000, likely: 7_440, high: 9_200 },
    { low: 7_000, likely: 8_680, high: 15_400 },
    { low: 7_000, likely: 9_920, high: 21_600 },
  ]);
  expect(months.map(({ usdPerMonth }) => usdPerMonth)).toEqual([
    { low: 7, likely: 7, high: 74.95 },
    { low: 7, likely: 74.95, high: 74.95 },
    // More than 40,000 mails a month take the larger plan.
    { low: 7, likely: 74.95, high: 235.95 },
  ]);
  expect(months.map(({ steps }) => steps.length)).toEqual([0, 6, 0]);
});

test("nothing is said of months beyond the horizon", () => {
  const usersAt = () => ({ low: 1, likely: 1, high: 1 });
  expect(costByMonth(baseline, { nowMs, horizonDays: 10, usersAt, priceOf })).toEqual([]);
});
