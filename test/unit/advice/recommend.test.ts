import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { recommend, type StepAdvice, type Verdict } from "../../../cli/advice/recommend.ts";
import { signalOf, signals } from "../../../cli/advice/signals.ts";
import { steps } from "../../../cli/phases/index.ts";
import type { SignalName, Step } from "../../../cli/phases/step.ts";
import { costOf } from "../../../cli/planning/cost.ts";
import { baseline, type Topology } from "../../../infra/topology/topology.ts";
import { anyTopology } from "../../support/any-topology.ts";
import { measured, type Read as Reading } from "./measured.ts";

const pool = (value: number) =>
  stepOf("connection-pooler", { ...quiet, "pool-utilisation": { value, lowerBound: "w2 did not answer" } });
const tier = (cpu: Reading, p95: Reading) =>
  stepOf("tier-standard", { ...quiet, "cpu-of-tier": cpu, "response-p95": p95 }).verdict;

type Readings = Partial<Record<SignalName, Reading>>;

function advise(readings: Readings, topology: Topology = baseline, of: readonly Step[] = steps) {
  return recommend({
    environment: "demo",
    now: "2026-01-01T00:00:10.000Z",
    topology,
    steps: of,
    measurements: measured(readings),
    source: "a test",
    costOf: (one) => costOf(one).usdPerMonth,
  });
}

/** Every signal at rest: nothing is due. */
const quiet = Object.fromEntries(signals.map(({ name }) => [name, { value: 0 }])) as Record<SignalName, Reading>;
const verdicts = (readings: Readings, topology?: Topology) =>
  Object.fromEntries(advise(readings, topology).steps.map(({ id, verdict }) => [id, verdict]));
const stepOf = (id: string, readings: Readings, topology?: Topology): StepAdvice =>
  advise(readings, topology).steps.find((step) => step.id === id)!;

describe("verdicts", () => {
  test("nothing is due of a shop at rest", () => {
    expect(new Set(Object.values(verdicts(quiet)))).toEqual(new Set(["not-yet"]));
  });

  test("8,000 users make all of phase 1 due by the user count alone, but what a step before it blocks", () => {
    const advice = advise({ ...quiet, users: { value: 8_000 } });
    expect(advice.users).toBe(8_000);
    const phase1 = advice.steps.filter(({ phase }) => phase === 1);
    expect(phase1.map(({ id, verdict, dueBy, needs }) => ({ id, verdict, dueBy, needs }))).toEqual([
      { id: "connection-pooler", verdict: "due", dueBy: "users", needs: [] },
      { id: "tier-standard", verdict: "due", dueBy: "users", needs: [] },
      { id: "database-paid", verdict: "blocked", dueBy: "users", needs: ["connection-pooler"] },
      { id: "cache-redis", verdict: "due", dueBy: "users", needs: [] },
      { id: "email-sendgrid", verdict: "due", dueBy: "users", needs: [] },
      { id: "rate-limits-raised", verdict: "due", dueBy: "users", needs: [] },
    ]);
    expect(new Set(Object.values(verdicts({ ...quiet, users: { value: 7_999 } })))).toEqual(new Set(["not-yet"]));
  });

  test("a breach makes a step due by its own evidence, whatever else is missing", () => {
    expect(stepOf("connection-pooler", { "pool-wait-p95": { value: 0.05 } })).toMatchObject({
      verdict: "due",
      dueBy: "evidence",
    });
    expect(
      stepOf("connection-pooler", { ...quiet, "pool-wait-p95": { value: 0.05 }, users: { value: 9_000 } }),
    ).toMatchObject({
      verdict: "due",
      dueBy: "evidence",
    });
  });

  test("a missing metric makes a step that nothing else makes due insufficient, and is named", () => {
    const step = stepOf("email-sendgrid", {
      ...quiet,
      "mail-failure-ratio": { missing: "shop_mail_messages_total: no" },
    });
    expect(step).toMatchObject({ verdict: "insufficient-evidence", dueBy: null });
    expect(step.evidence.find(({ signal }) => signal === "mail-failure-ratio")).toMatchObject({
      value: null,
      breached: "unknown",
      missing: "shop_mail_messages_total: no",
    });
  });

  test("a lower bound can make a step due and cannot show that it is not", () => {
    expect(pool(0.8).verdict).toBe("due");
    expect(pool(0.79).verdict).toBe("insufficient-evidence");
  });

  test("too little of a thing to judge, day by day, is not yet; and with one metric less not known", () => {
    const asleep = {
      ...quiet,
      "search-p95": { quiet: true },
      "rows-scanned-per-row-returned": { quiet: true },
    } as const;
    const step = stepOf("database-indexes", asleep);
    expect(step).toMatchObject({ verdict: "not-yet", byEvidence: "no" });
    expect(step.evidence.find(({ signal }) => signal === "search-p95")).toMatchObject({
      value: null,
      quiet: "fewer than 20 searches",
      breached: "no",
      missing: null,
    });
    const fewer = { ...asleep, "search-p95": { missing: "not exported" } };
    expect(stepOf("database-indexes", fewer).verdict).toBe("insufficient-evidence");
    expect(advise({ ...quiet, "pool-wait-p95": { quiet: true } }).unknown).toEqual([]);
  });

  test("a tier is due by its resources only while shoppers wait longer than the objective", () => {
    const missing = { missing: "no" };
    expect(tier({ value: 0.9 }, { value: 2.5 })).toBe("due");
    expect(tier({ value: 0.9 }, { value: 1.9 })).toBe("not-yet");
    expect(tier({ value: 0.5 }, { value: 2.5 })).toBe("not-yet");
    expect(tier({ value: 0.9 }, missing)).toBe("insufficient-evidence");
    expect(tier({ value: 0.5 }, missing)).toBe("not-yet");
    expect(tier(missing, { value: 1.9 })).toBe("not-yet");
  });

  test("a step that is done is done without any metric, and unblocks the next", () => {
    const topology: Topology = { ...baseline, pooler: "pgbouncer" };
    expect(verdicts({}, topology)).toMatchObject({
      "connection-pooler": "done",
      "database-paid": "insufficient-evidence",
    });
    expect(verdicts({ "days-without-backup": { value: 3 } }, topology)["database-paid"]).toBe("due");
    expect(verdicts({ "days-without-backup": { value: 3 } })["database-paid"]).toBe("blocked");
  });

  test("prices are those of the topology now and after the step", () => {
    expect(
      advise(quiet).steps.map(({ usdPerMonthNow, usdPerMonthAfter }) => [usdPerMonthNow, usdPerMonthAfter]),
    ).toEqual([
      [7, 7],
      [7, 25],
      [7, 27],
      [7, 17],
      [7, 26.95],
      [7, 7],
      [7, 85],
      [7, 7],
      [7, 7],
      [7, 12],
      [7, 33],
      [7, 27],
      [7, 7],
      [7, 14],
      [7, 7],
      [7, 7],
    ]);
  });
});

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

describe("for any evidence", () => {
  const value = fc.oneof(
    fc.double({ min: 0, max: 3, noNaN: true }),
    fc.constantFrom(0, 0.01, 0.05, 0.7, 0.8, 1, 2, 8_000),
  );
  const reading = fc.oneof(
    { weight: 4, arbitrary: value.map((known): Reading => ({ value: known })) },
    { weight: 1, arbitrary: value.map((known): Reading => ({ value: known, lowerBound: "an instance is missing" })) },
    { weight: 1, arbitrary: fc.constant<Reading>({ missing: "not exported" }) },
    { weight: 1, arbitrary: fc.constant<Reading>({ quiet: true }) },
  );
  const names = signals.map(({ name }) => name);
  const readings = fc
    .tuple(...names.map(() => reading))
    .map((all) => Object.fromEntries(all.map((one, index) => [names[index]!, one])) as Record<SignalName, Reading>);
  const rank: Record<Verdict, number> = {
    done: 9,
    "not-yet": 0,
    soon: 1,
    "insufficient-evidence": 1,
    blocked: 2,
    due: 2,
  };

  test("more of a signal never makes a step less due", () => {
    fc.assert(
      fc.property(readings, anyTopology, fc.constantFrom(...names), value, (before, runs, name, more) => {
        const known = before[name];
        const raised = !("value" in known) ? known : { ...known, value: known.value + more };
        const after = advise({ ...before, [name]: raised }, runs).steps.map(({ verdict }) => rank[verdict]);
        const lessDue = advise(before, runs).steps.filter(({ verdict }, index) => after[index]! < rank[verdict]);
        expect(lessDue).toEqual([]);
      }),
    );
  });

  test("removing a metric never turns due, blocked or insufficient evidence into not yet, nor makes anything due", () => {
    fc.assert(
      fc.property(readings, anyTopology, fc.subarray([...names]), (before, runs, removed) => {
        const missing = Object.fromEntries(removed.map((name) => [name, { missing: "removed" }]));
        const fewer = advise({ ...before, ...missing }, runs).steps.map(({ verdict }) => verdict);
        const changed = advise(before, runs).steps.filter(({ verdict }, index) => fewer[index] !== verdict);
        const into = changed.map(({ id }) => fewer[steps.findIndex((step) => step.id === id)]);
        expect(into.filter((verdict) => verdict !== "insufficient-evidence")).toEqual([]);
      }),
    );
  });

  test("a verdict is what its evidence and needs say", () => {
    fc.assert(
      fc.property(readings, anyTopology, (before, runs) => {
        for (const { verdict, dueBy, evidence, needs } of advise(before, runs).steps) {
          const byNeeds = needs.length > 0 ? "blocked" : "due";
          expect(verdict === "due" || verdict === "blocked" ? verdict : byNeeds).toBe(byNeeds);
          expect(verdict === byNeeds).toBe(dueBy !== null);
          const missing = evidence.some((one) => one.missing !== null);
          expect(verdict !== "insufficient-evidence" || missing).toBe(true);
          for (const one of evidence) expect(one.value === null || Number.isFinite(one.value)).toBe(true);
          for (const one of evidence) expect(one.unit).toBe(signalOf(one.signal).unit);
        }
      }),
    );
  });
});
