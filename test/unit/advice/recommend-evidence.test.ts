import { describe, expect, test } from "vitest";
import { advise, quiet, stepOf } from "./advise.ts";

describe("evidence", () => {
  test("has the form that `recommend --json` promises", () => {
    const advice = advise({ ...quiet, "pool-wait-p95": { value: 0.2 } });
    expect(Object.keys(advice)).toEqual([
      "schema",
      "environment",
      "generatedAt",
      "source",
      "users",
      "binding",
      "bindingMissing",
      "later",
      "unknown",
      "headroom",
      "headroomMissing",
      "steps",
    ]);
    expect(advice.steps[0]?.evidence[0]).toEqual({
      signal: "pool-wait-p95",
      query: expect.stringMatching(
        /^histogram_quantile\(0.95, sum by \(le\) \(rate\(shop_db_pool_wait_seconds_bucket\[3600s\]/,
      ),
      windowSeconds: 3_600,
      historySeconds: 7 * 86_400,
      takesSeconds: 600,
      value: 0.2,
      quiet: null,
      decides: true,
      at: "2025-12-31T00:00:10.000Z",
      subject: null,
      threshold: 0.05,
      unit: "s",
      source: expect.stringContaining("50 ms"),
      breached: "yes",
      breach: null,
      forecastMissing: "it does not grow with the shop",
      missing: null,
    });
  });

  test("names a condition that several triggers share once", () => {
    const names = stepOf("tier-standard", quiet).evidence.map(({ signal }) => signal);
    expect(names).toEqual(["cpu-of-tier", "response-p95", "memory-of-tier", "event-loop-utilisation", "users"]);
  });
});

describe("the binding constraint", () => {
  test("is the resource furthest over, or nearest to, its threshold", () => {
    const readings = {
      ...quiet,
      "pool-utilisation": { value: 0.4 },
      "mail-quota-ratio": { value: 0.6 },
      "days-without-backup": { value: 90 },
    };
    expect(advise(readings).binding).toMatchObject({
      signal: "mail-quota-ratio",
      value: 0.6,
      threshold: 0.8,
      ratio: 0.6 / 0.8,
      breach: null,
      relievedBy: "email-sendgrid",
    });
    expect(advise(readings).unknown).toEqual([]);
  });

  test("takes the lowest threshold of a signal that two steps ask for", () => {
    expect(advise({ "server-connections-ratio": { value: 0.7 } }).binding).toMatchObject({ threshold: 0.7, ratio: 1 });
  });

  test("says which resources were not read", () => {
    const { unknown } = advise({ "cpu-of-tier": { value: 0.1 } });
    expect(unknown).toContain("pool-wait-p95");
    expect(unknown).not.toContain("cpu-of-tier");
  });

  test("is null, with why, when no resource could be read", () => {
    expect(advise({ users: { value: 9_000 }, "response-p95": { value: 9 } })).toMatchObject({
      binding: null,
      bindingMissing: "no resource could be read: every metric is missing",
    });
  });
});
