import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { breachOf } from "../../../cli/planning/capacity/breach.ts";
import { compareCapacity } from "../../../cli/planning/capacity/compare-capacity.ts";
import { headroom } from "../../../cli/planning/capacity/headroom.ts";
import { bestKept, nextTry, type TriedRate } from "../../../cli/planning/capacity/knee-search.ts";
import { predictCapacity } from "../../../cli/planning/capacity/predict-capacity.ts";
import { checkPrediction } from "../../../cli/planning/capacity/prediction-error.ts";
import { simulate } from "../../../cli/planning/capacity/simulate.ts";
import { hasPassed, usersAt } from "../../../cli/planning/capacity/users-at.ts";
import { fitUsl, uslThroughput } from "../../../cli/planning/capacity/usl.ts";
import { costOf } from "../../../cli/planning/cost.ts";
import { plannedUsage } from "../../../cli/planning/cost/usage.ts";
import { baseline, type Topology } from "../../../infra/topology/topology.ts";
import { capacityExample as measured } from "../../support/capacity-example.ts";

const lawOf = (lambda: number, sigma: number, kappa: number) => (n: number) =>
  (lambda * n) / (1 + sigma * (n - 1) + kappa * n * (n - 1));
const pointsOf = (law: (n: number) => number, at: readonly number[]) =>
  at.map((concurrency) => ({ concurrency, throughputPerSecond: law(concurrency) }));

describe("the scalability law", () => {
  it("is found again from points of its own, with its peak", () => {
    const fit = fitUsl(pointsOf(lawOf(100, 0.05, 0.001), [1, 2, 4, 8, 16, 32, 64]))!;
    expect(fit.lambda).toBeCloseTo(100, 6);
    expect(fit.sigma).toBeCloseTo(0.05, 8);
    expect(fit.kappa).toBeCloseTo(0.001, 9);
    expect(fit.peak?.concurrency).toBeCloseTo(Math.sqrt(0.95 / 0.001), 4);
    expect([fit.relativeError < 1e-9, fit.boundPerSecond]).toEqual([true, null]);
  });

  it("never has a negative parameter, and its error stays near the noise", () => {
    const noise = fc.array(fc.double({ min: -0.1, max: 0.1, noNaN: true }), { minLength: 7, maxLength: 7 });
    fc.assert(
      fc.property(fc.double({ min: 0, max: 0.3, noNaN: true }), noise, (sigma, errors) => {
        const clean = pointsOf(lawOf(80, sigma, 0), [0.5, 1, 2, 4, 8, 16, 32]);
        const noisy = clean.map((point, index) => ({
          ...point,
          throughputPerSecond: point.throughputPerSecond * (1 + errors[index]!),
        }));
        const fit = fitUsl(noisy);
        if (fit === undefined) return;
        expect(fit.sigma).toBeGreaterThanOrEqual(0);
        expect(fit.kappa).toBeGreaterThanOrEqual(0);
        expect(fit.relativeError).toBeLessThan(0.25);
      }),
    );
  });

  it("is none from three points, and has a bound where nothing costs agreement", () => {
    expect(fitUsl(pointsOf(lawOf(100, 0.1, 0), [1, 2, 3]))).toBeUndefined();
    const fit = fitUsl(pointsOf(lawOf(100, 0.1, 0), [1, 2, 4, 8, 16]))!;
    expect(fit.boundPerSecond).toBeCloseTo(1_000, 3);
    expect(uslThroughput(fit, 1)).toBeCloseTo(100, 6);
  });
});

describe("the search for the knee", () => {
  const bounds = { firstRate: 100, mostRate: 2_000, mostTries: 16 };

  it("ends within a twentieth of any knee, in the rates that it may try", () => {
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 1_900 }), (knee) => {
        const tried: TriedRate[] = [];
        for (let next = nextTry(tried, bounds); next !== undefined; next = nextTry(tried, bounds)) {
          tried.push({ ratePerSecond: next.ratePerSecond, kept: next.ratePerSecond <= knee });
        }
        const rates = new Set(tried.map(({ ratePerSecond }) => ratePerSecond));
        expect(rates.size).toBeLessThanOrEqual(16);
        expect(bestKept(tried)).toBeLessThanOrEqual(knee);
        if (rates.size < 16) expect(bestKept(tried)).toBeGreaterThanOrEqual(knee / 1.05);
      }),
    );
  });

  it("tries a rate that broke once more, with a longer look, and is not misled by one stall", () => {
    const stalled: TriedRate[] = [
      { ratePerSecond: 100, kept: true },
      { ratePerSecond: 140, kept: false },
    ];
    expect(nextTry([{ ratePerSecond: 100, kept: true }], bounds)).toEqual({ ratePerSecond: 140, isNear: false });
    expect(nextTry(stalled, bounds)).toEqual({ ratePerSecond: 140, isNear: true });
    expect(nextTry([...stalled, { ratePerSecond: 140, kept: true }], bounds)).toEqual({
      ratePerSecond: 196,
      isNear: false,
    });
    const broken = [...stalled, { ratePerSecond: 140, kept: false }];
    expect(nextTry(broken, bounds)).toEqual({ ratePerSecond: 118.3, isNear: true });
    expect([bestKept([...stalled, { ratePerSecond: 140, kept: true }]), bestKept(broken)]).toEqual([140, 100]);
  });

  it("may break once at every rate, and still finds the knee", () => {
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 1_900 }), fc.func(fc.boolean()), (knee, stalls) => {
        const tried: TriedRate[] = [];
        for (let next = nextTry(tried, bounds); next !== undefined; next = nextTry(tried, bounds)) {
          const { ratePerSecond } = next;
          const isFirst = !tried.some((one) => one.ratePerSecond === ratePerSecond);
          tried.push({ ratePerSecond, kept: ratePerSecond <= knee && !(isFirst && stalls(ratePerSecond)) });
        }
        const rates = new Set(tried.map(({ ratePerSecond }) => ratePerSecond));
        expect(bestKept(tried)).toBeLessThanOrEqual(knee);
        if (rates.size < 16) expect(bestKept(tried)).toBeGreaterThanOrEqual(knee / 1.05);
      }),
    );
  });

  it("stops at its highest rate, and has no knee where nothing is kept", () => {
    expect(nextTry([{ ratePerSecond: 2_000, kept: true }], bounds)).toBeUndefined();
    expect(bestKept([{ ratePerSecond: 100, kept: false }])).toBe(0);
    const lucky = [
      { ratePerSecond: 100, kept: false },
      { ratePerSecond: 140, kept: true },
    ];
    expect(bestKept(lucky)).toBe(0);
  });

  it("names the objective that broke", () => {
    const seen = { sent: 1_000, failures: 0, refused: 0, p95Ms: 100, queueGrowth: 0 };
    const objectives = { p95Ms: 2_000, failures: 0 };
    expect(breachOf(seen, objectives)).toBeNull();
    expect(breachOf({ ...seen, failures: 1 }, objectives)).toBe("1 requests failed");
    expect(breachOf({ ...seen, p95Ms: 2_001 }, objectives)).toBe("p95 2001 ms over 2000 ms");
    expect(breachOf({ ...seen, queueGrowth: 11 }, objectives)).toBe("the queue grew by 11 of 1000 requests");
    expect(breachOf({ ...seen, refused: 51 }, objectives)).toBe("51 of 1000 requests were refused by a limit");
  });
});

describe("a prediction", () => {
  it("takes what a request took to the cores that another topology has", () => {
    const standard = predictCapacity(measured, { ...baseline, tier: "standard" })!;
    expect([standard.binding, Math.round(standard.capacityPerSecond), standard.usableShare]).toEqual([
      "service",
      450,
      0.9,
    ]);
    const eight = predictCapacity(measured, { ...baseline, tier: "pro", instances: 8 })!;
    expect([eight.binding, Math.round(eight.capacityPerSecond)]).toEqual(["host", 600]);
    expect(predictCapacity(measured, baseline)?.capacityPerSecond).toBeCloseTo(225, 6);
  });

  it("says what it does not know, and is none without a kept rate", () => {
    const redis = predictCapacity(measured, { ...baseline, cache: "redis" });
    expect(redis?.assumptions).toContain("cache redis changes nothing about that: it was not measured");
    expect(predictCapacity({ ...measured, kneePerSecond: 0 }, baseline)).toBeUndefined();
  });

  it("is within its error or not", () => {
    expect(checkPrediction(110, 100, 0.2)).toMatchObject({ error: 0.1, within: true });
    expect(checkPrediction(60, 100, 0.2).within).toBe(false);
  });

  it("of users finds what breaches first, and at how many", () => {
    const input = {
      topology: { ...baseline, mail: "sendgrid" } as Topology,
      users: 20_000,
      usage: plannedUsage(20_000),
    };
    const simulation = simulate({ ...input, peakPerSecond: 250, measured });
    expect(simulation.firstBreach).toMatchObject({ resource: "storage of the database plan", breachesAtUsers: 8_000 });
    const service = simulation.uses.find(({ resource }) => resource === "CPU of the service");
    expect(service).toMatchObject({ utilisation: 1, breachesAtUsers: 14_000 });
    const blind = simulate({ ...input, peakPerSecond: 250, measured: undefined });
    expect([blind.capacity, blind.notPredicted.length]).toEqual([undefined, 2]);
  });
});

describe("mails of a simulated month", () => {
  const mailsOf = (users: number): unknown => {
    const topology = { ...baseline, mail: "sendgrid" } as const;
    const usage = plannedUsage(users);
    const { uses } = simulate({ topology, users, usage, peakPerSecond: 1, measured: undefined });
    const bill = costOf(topology, usage).lines.find(({ item }) => item.startsWith("SendGrid"));
    const { source, utilisation } = uses.find(({ resource }) => resource.startsWith("mails"))!;
    return [bill?.item, source, Number((utilisation * 100).toFixed(0))];
  };

  it("fill the plan that the bill is by, and no larger one", () => {
    expect(mailsOf(10_000)).toEqual(["SendGrid Essentials", "a month of SendGrid Essentials", 50]);
    expect(mailsOf(40_000)).toEqual(["SendGrid Pro", "a month of SendGrid Pro", 80]);
    expect(mailsOf(100_000)).toEqual(["SendGrid Pro", "a month of SendGrid Pro", 201]);
  });
});

describe("headroom", () => {
  it("is the peak's share of the capacity, and unknown without one", () => {
    expect(headroom(100, 250)).toEqual({ peakPerSecond: 100, capacityPerSecond: 250, used: 0.4, factor: 2.5 });
    expect([headroom(100, undefined), headroom(100, 0)]).toEqual([undefined, undefined]);
  });
});

describe("users in a later month", () => {
  it("are asked of this month or a later one", () => {
    const now = new Date("2026-11-30T23:59:59Z");
    expect(["2020-03", "2026-10", "2026-11", "2026-12", "2027-01"].map((month) => hasPassed(month, now))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  it("grow by the month, over the turn of a year", () => {
    const from = new Date("2026-11-25T00:00:00Z");
    expect(usersAt(10_000, { from, month: "2027-01", percentAMonth: 10 })).toBe(12_100);
    expect(usersAt(10_000, { from, month: "2026-01", percentAMonth: 10 })).toBe(10_000);
  });
});

describe("two capacities", () => {
  it("are compared figure by figure with what changed between them", () => {
    const other = { ...measured, id: "b", kneePerSecond: 450, topology: { ...baseline, tier: "standard" as const } };
    const { changes, figures } = compareCapacity(measured, other);
    expect(changes).toEqual([{ field: "tier", from: "starter", to: "standard" }]);
    expect(figures[0]).toEqual({ name: "knee", unit: "requests/s", a: 225, b: 450, ratio: 2 });
  });
});
