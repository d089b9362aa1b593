import { describe, expect, it } from "vitest";
import type { Measurements } from "../../../cli/advice/measurement.ts";
import { recommend } from "../../../cli/advice/recommend.ts";
import { signalOf } from "../../../cli/advice/signals.ts";
import { steps } from "../../../cli/phases/index.ts";
import { plannedUsage } from "../../../cli/planning/cost/usage.ts";
import { priceOn, type TargetName } from "../../../cli/planning/cost.ts";
import { reportOf } from "../../../cli/rollout/report-data.ts";
import { baseline } from "../../../infra/topology/topology.ts";

/** Nothing is left to do, so that every price of the report is of one topology. */
const topology = steps.reduce((now, step) => step.apply(now), baseline);

const now = Date.parse("2026-01-31T00:00:00Z") / 1_000;
/** Ten thousand users, fifty more a day. */
const measurements: Measurements = {
  now,
  of: new Map([
    [
      "users",
      {
        signal: signalOf("users"),
        query: "max(shop_users)",
        windowSeconds: 0,
        quietAt: [],
        historySeconds: 56 * 86_400,
        lack: null,
        points: Array.from({ length: 57 }, (_, day) => ({ at: now - (56 - day) * 86_400, value: 7_200 + day * 50 })),
      },
    ],
  ]),
};

function reportOn(target: TargetName) {
  const priceOf = priceOn(target);
  const advice = recommend({
    environment: "shop",
    now: "2026-01-31T00:00:00.000Z",
    topology,
    steps,
    measurements,
    source: "a test",
    costOf: (one) => priceOf(one).usdPerMonth,
  });
  return reportOf({ topology, priceOf, advice, measurements, capacity: undefined, records: [] });
}

describe.each(["local", "aws"] as const)("a report of a shop on %s", (target) => {
  const priceAt = (users: number) => priceOn(target)(topology, plannedUsage(users)).usdPerMonth;
  const report = reportOn(target);

  it("begins its curve with its bill", () => {
    expect(report.costByUsers[0]).toMatchObject({ users: 10_000, usdPerMonth: report.cost.usdPerMonth });
  });

  it("has one price for its bill, its curve and its months to come", () => {
    expect(report.cost.usdPerMonth).toBe(priceAt(report.users ?? 0));
    expect(report.costByUsers.map(({ usdPerMonth }) => usdPerMonth)).toEqual(
      report.costByUsers.map(({ users }) => priceAt(users)),
    );
    expect(report.usersAhead.months.length).toBeGreaterThan(1);
    for (const { users, usdPerMonth } of report.usersAhead.months) {
      expect(usdPerMonth).toEqual({
        low: priceAt(users.low),
        likely: priceAt(users.likely),
        high: priceAt(users.high),
      });
    }
  });
});
