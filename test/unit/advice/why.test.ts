import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";
import { recommend, type Recommendation } from "../../../cli/advice/recommend.ts";
import { signals } from "../../../cli/advice/signals.ts";
import { formatValue, whyOf } from "../../../cli/advice/why.ts";
import { steps } from "../../../cli/phases/index.ts";
import type { SignalName } from "../../../cli/phases/step.ts";
import { costOf } from "../../../cli/planning/cost.ts";
import { renderRecommendation } from "../../../cli/render/recommendation.ts";
import { baseline } from "../../../infra/topology/topology.ts";
import { measured, type Read as Reading } from "./measured.ts";

function advise(readings: Partial<Record<SignalName, Reading>>): Recommendation {
  const quiet = Object.fromEntries(signals.map(({ name }) => [name, { value: 0 }]));
  return recommend({
    environment: "demo",
    now: "2026-01-01T00:00:00.000Z",
    topology: baseline,
    steps,
    measurements: measured({ ...quiet, ...readings }),
    source: "a test",
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
      "due: 210 ms wait for a database connection (threshold 50 ms)",
    );
  });

  test("says when it is the user count alone", () => {
    expect(why("cache-redis", { users: { value: 8_500 } })).toBe(
      "due: 8,500 users (phase 1: 8,000); its own evidence says not yet: 0 processes with caches of their own (threshold 2)",
    );
    expect(why("cache-redis", { users: { value: 8_500 }, "cache-memory-of-tier": { missing: "x" } })).toContain(
      "not all of its own evidence is known",
    );
  });

  test("names the step that blocks", () => {
    expect(why("database-paid", { "days-without-backup": { value: 3 } })).toBe(
      "due: 3 days without a backup (threshold 1 day); by users not before 8,000; first connection-pooler",
    );
  });

  test("names what is missing, once", () => {
    expect(why("email-sendgrid", { "mail-failure-ratio": { missing: "no mail in 10 s" } })).toBe(
      "missing: no mail in 10 s",
    );
  });

  test("names what is nearest of a step that is not due", () => {
    expect(why("connection-pooler", { "server-connections-ratio": { value: 0.35 } })).toBe(
      "nearest: 35% of the database plan's connections in use (threshold 70%)",
    );
  });
});

test("the first lines name the binding constraint, then each step has a line with its why below, none over 80 columns", () => {
  const text = stripVTControlCharacters(
    renderRecommendation(
      advise({
        "shared-address-refusal-ratio": { value: 0.048 },
        users: { value: 5_000 },
        "memory-of-tier": { missing: "x" },
      }),
    ),
  );
  const lines = text.split("\n");
  expect(lines.slice(0, 7)).toEqual([
    "Binding constraint: rate limits per address: 4.8% of requests refused at",
    "    shared addresses (threshold 1%)",
    "    not known: memory of the tier",
    "Headroom: not known (no capacity was measured of what runs: shopctl load",
    "    capacity --env demo)",
    "",
    "demo: 5,000 users, by a test",
  ]);
  const heads = lines.slice(7).filter((line) => !line.startsWith("    "));
  expect(heads.map((line) => line.split(/ {2,}/))).toEqual([
    ["·", "connection-pooler", "not yet", "7.00 USD/month"],
    ["·", "tier-standard", "not yet", "7.00 → 25.00 USD/month"],
    ["·", "database-paid", "not yet", "7.00 → 27.00 USD/month"],
    ["·", "cache-redis", "not yet", "7.00 → 17.00 USD/month"],
    ["·", "email-sendgrid", "not yet", "7.00 → 26.95 USD/month"],
    ["●", "rate-limits-raised", "due", "7.00 USD/month"],
    ["·", "tier-pro", "not yet", "7.00 → 85.00 USD/month"],
    ["·", "database-indexes", "not yet", "7.00 USD/month"],
    ["·", "email-queue", "not yet", "7.00 USD/month"],
    ["·", "cdn", "not yet", "7.00 → 12.00 USD/month"],
    ["·", "monitoring", "not yet", "7.00 → 33.00 USD/month"],
    ["·", "read-replicas", "not yet", "7.00 → 27.00 USD/month"],
    ["·", "partitioning", "not yet", "7.00 USD/month"],
    ["·", "load-balancing", "not yet", "7.00 → 14.00 USD/month"],
    ["·", "archiving", "not yet", "7.00 USD/month"],
    ["·", "query-optimisation", "not yet", "7.00 USD/month"],
  ]);
  expect(text.replaceAll(/\n +/g, " ")).toContain(
    "due: 4.8% of requests refused at shared addresses (threshold 1%); by users not before 8,000",
  );
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
});

test.each(signals)("the label of $name is words with its value, and no signal's name", ({ name, label }) => {
  expect(label("VALUE")).toContain("VALUE");
  if (name.includes("-")) expect(label("VALUE")).not.toContain(name);
});

test("without any resource the first line says that the constraint is not known", () => {
  const nothing = Object.fromEntries(signals.map(({ name }) => [name, { missing: "x" }]));
  expect(renderRecommendation(advise(nothing))).toMatch(/^Binding constraint: not known \(no resource could be read/);
});
