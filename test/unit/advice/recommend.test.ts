import { describe, expect, test } from "vitest";
import { baseline, type Topology } from "../../../infra/topology/topology.ts";
import { advise, quiet, stepOf, type Readings } from "./advise.ts";
import type { Read as Reading } from "./measured.ts";

const pool = (value: number) =>
  stepOf("connection-pooler", { ...quiet, "pool-utilisation": { value, lowerBound: "w2 did not answer" } });
const tier = (cpu: Reading, p95: Reading) =>
  stepOf("tier-standard", { ...quiet, "cpu-of-tier": cpu, "response-p95": p95 }).verdict;

const verdicts = (readings: Readings, topology?: Topology) =>
  Object.fromEntries(advise(readings, topology).steps.map(({ id, verdict }) => [id, verdict]));

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
