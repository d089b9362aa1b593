import { describe, expect, test } from "vitest";
import { headroomAhead, type HeadroomAhead } from "../../../cli/advice/headroom-ahead.ts";
import { headroomInWords } from "../../../cli/advice/headroom-words.ts";
import type { Measurements } from "../../../cli/advice/measurement.ts";
import type { CapacityResult } from "../../../cli/planning/capacity/capacity-result.ts";
import type { SignalName } from "../../../cli/phases/step.ts";
import { baseline, type Topology } from "../../../infra/topology/topology.ts";
import { capacityExample } from "../../support/capacity-example.ts";
import { measured, nowOfTests } from "./measured.ts";

const standing = measured({ "request-rate": { value: 90 }, users: { value: 8_000 } });

/** Measurements in which a signal grew evenly over thirty days to its value. */
function growing(name: SignalName, perDay: number): Measurements {
  const of = new Map(standing.of);
  const before = of.get(name)!;
  const value = before.points[0]!.value;
  const points = Array.from({ length: 31 }, (_, index) => ({
    at: nowOfTests - (30 - index) * 86_400,
    value: value - (30 - index) * perDay,
  }));
  return { now: nowOfTests, of: of.set(name, { ...before, points }) };
}

function ahead(
  measurements: Measurements,
  capacities: readonly CapacityResult[] = [capacityExample],
  topology: Topology = baseline,
): HeadroomAhead | { readonly missing: string } {
  return headroomAhead({ environment: "demo", topology, measurements, capacities });
}

const known = (...asked: Parameters<typeof ahead>): HeadroomAhead => {
  const found = ahead(...asked);
  if ("missing" in found) throw new Error(found.missing);
  return found;
};
const words = (headroom: ReturnType<typeof ahead>): string =>
  "missing" in headroom
    ? headroomInWords({ headroom: null, headroomMissing: headroom.missing })
    : headroomInWords({ headroom, headroomMissing: null });

describe("headroom", () => {
  test("is the peak of the last days against the measured knee, and the users at which it is gone", () => {
    expect(known(standing)).toEqual({
      peakPerSecond: 90,
      capacityPerSecond: 225,
      used: 0.4,
      factor: 2.5,
      capacity: "measured",
      capacityId: "a",
      capacityAt: "2026-01-01T00:00:00.000Z",
      isLeast: false,
      usersAtCapacity: 20_000,
      breach: null,
      breachBy: null,
    });
    expect(words(ahead(standing))).toBe(
      "135 more fit: 90 requests a second at the peak, 40% of the 225 measured on 2026-01-01; reached at 20,000 users",
    );
  });

  test("has the date at which the requests get there", () => {
    const { breach, breachBy } = known(growing("request-rate", 1.5));
    // 135 requests at 1.5 a day are 90 days, which is as far as thirty days can see.
    expect(breachBy).toBe("requests");
    const likely = Date.parse(breach?.likely ?? "") / 1_000;
    expect(Math.abs(likely - (nowOfTests + 90 * 86_400))).toBeLessThan(5 * 86_400);
  });

  test("or the users, where there are too few days of requests", () => {
    expect(known(growing("users", 150)).breachBy).toBe("users");
  });

  test("is none, without a date, when the peak is over it", () => {
    const over = known(measured({ "request-rate": { value: 450 }, users: { value: 8_000 } }));
    expect(over).toMatchObject({ used: 2, usersAtCapacity: 4_000, breach: null });
    expect(words(over)).toMatch(/^none: 450 requests a second/);
  });

  test("of a topology that was never measured is predicted from another's", () => {
    const standard: Topology = { ...baseline, tier: "standard" };
    expect(known(standing, [capacityExample], standard)).toMatchObject({ capacity: "predicted", capacityId: "a" });
    expect(words(ahead(standing, [capacityExample], standard))).toContain("predicted from another topology's");
    const own = { ...capacityExample, id: "b", topology: standard, kneePerSecond: 300, ended: "bounds" as const };
    const found = known(standing, [capacityExample, own], standard);
    expect(found).toMatchObject({ capacity: "measured", capacityId: "b", capacityPerSecond: 300, isLeast: true });
    expect(words(found)).toContain("30% of the at least 300 measured");
  });

  test("is not known, with what would tell, without a measurement", () => {
    expect(words(ahead(standing, []))).toBe(
      "not known (no capacity was measured of what runs: shopctl load capacity --env demo)",
    );
    expect(ahead(measured({ users: { value: 8_000 } }))).toEqual({ missing: "request-rate is not exported" });
    expect(ahead(standing, [capacityExample], { ...baseline, cdn: "nginx" })).toEqual({
      missing: "the CDN answers requests that the shop does not count",
    });
  });

  test("has no count of users while nobody asks for anything", () => {
    const idle = known(measured({ "request-rate": { value: 0 }, users: { value: 8_000 } }));
    expect(idle).toMatchObject({ used: 0, usersAtCapacity: null, breach: null });
    expect(JSON.parse(JSON.stringify(idle))).toMatchObject({ factor: null });
  });
});
