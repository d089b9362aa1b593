import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";
import { recommend, type Recommendation } from "../../../cli/advice/recommend.ts";
import type { Reading } from "../../../cli/advice/signal.ts";
import { signals } from "../../../cli/advice/signals.ts";
import { formatValue, whyOf } from "../../../cli/advice/why.ts";
import { steps } from "../../../cli/phases/index.ts";
import type { SignalName } from "../../../cli/phases/step.ts";
import { costOf } from "../../../cli/planning/cost.ts";
import { renderRecommendation } from "../../../cli/render/recommendation.ts";
import { baseline } from "../../../infra/topology/topology.ts";

function advise(readings: Partial<Record<SignalName, Reading>>): Recommendation {
  const measured = signals.map((signal) => {
    const reading: Reading = readings[signal.name] ?? { value: 0 };
    return [signal.name, { signal, query: "", windowSeconds: 10, reading }] as const;
  });
  return recommend({
    environment: "demo",
    now: "2026-01-01T00:00:00.000Z",
    topology: baseline,
    steps,
    measurements: new Map(measured),
    costOf: (topology) => costOf(topology).usdPerMonth,
  });
}

const why = (id: string, readings: Partial<Record<SignalName, Reading>>): string =>
  whyOf(advise(readings).steps.find((step) => step.id === id)!);

test("values are in the words of their unit", () => {
  expect([formatValue(0.0475, "s"), formatValue(2.5, "s"), formatValue(0.8123, "ratio")]).toEqual([
    "47.5 ms",
    "2.5 s",
    "81.2%",
  ]);
  expect([formatValue(8_500, "count"), formatValue(3.25, "days")]).toEqual(["8,500", "3.25 days"]);
});

describe("why", () => {
  test("names the breach of a step that is due by its own evidence", () => {
    expect(why("connection-pooler", { "pool-wait-p95": { value: 0.21 }, users: { value: 9_000 } })).toBe(
      "by its own evidence: pool-wait-p95 210 ms, threshold 50 ms",
    );
  });

  test("says when it is the user count alone", () => {
    expect(why("cache-redis", { users: { value: 8_500 } })).toBe(
      "by the user count alone: users 8,500, threshold 8,000 (growth plan: begin phase 1 at 8,000 users); its own evidence does not ask for it yet",
    );
    expect(why("cache-redis", { users: { value: 8_500 }, "cache-memory-of-tier": { missing: "x" } })).toContain(
      "is not all known",
    );
  });

  test("names the step that blocks", () => {
    expect(why("database-paid", { "days-without-backup": { value: 3 } })).toBe(
      "by its own evidence: days-without-backup 3 days, threshold 1 day; first connection-pooler",
    );
  });

  test("names what is missing, once", () => {
    expect(why("email-sendgrid", { "mail-failure-ratio": { missing: "no mail in 10 s" } })).toBe(
      "missing: no mail in 10 s",
    );
  });

  test("names what is nearest of a step that is not due", () => {
    expect(why("connection-pooler", { "server-connections-ratio": { value: 0.35 } })).toBe(
      "nearest is server-connections-ratio 35%, threshold 70%",
    );
  });
});

test("the first line names the binding constraint, the next ones each step", () => {
  const lines = stripVTControlCharacters(
    renderRecommendation(
      advise({ "mail-quota-ratio": { value: 0.88 }, users: { value: 5_000 }, "memory-of-tier": { missing: "x" } }),
    ),
  ).split("\n");
  expect(lines[0]).toBe(
    "Binding constraint: mails a day of the transport, mail-quota-ratio 88% of 80% (110%), over its threshold; not known: memory-of-tier",
  );
  expect(lines[2]).toBe("demo: 5,000 users");
  expect(lines.slice(3).map((line) => line.split(/ {2,}/).slice(0, 3))).toEqual([
    ["connection-pooler", "not yet", "7.00 USD/month"],
    ["tier-standard", "not yet", "7.00 → 25.00 USD/month"],
    ["database-paid", "not yet", "7.00 → 27.00 USD/month"],
    ["cache-redis", "not yet", "7.00 → 17.00 USD/month"],
    ["email-sendgrid", "due", "7.00 → 26.95 USD/month"],
    ["rate-limits-raised", "not yet", "7.00 USD/month"],
  ]);
});

test("without any resource the first line says that the constraint is not known", () => {
  const nothing = Object.fromEntries(signals.map(({ name }) => [name, { missing: "x" }]));
  expect(renderRecommendation(advise(nothing))).toMatch(/^Binding constraint: not known \(no resource could be read/);
});
