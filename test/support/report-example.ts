import { plannedUsage } from "../../cli/planning/cost/usage.ts";
import { costByUsers, countsFrom } from "../../cli/planning/cost/cost-by-users.ts";
import { costOf } from "../../cli/planning/cost.ts";
import { signalOf } from "../../cli/advice/signals.ts";
import type { Measurement } from "../../cli/advice/measurement.ts";
import { usersAhead } from "../../cli/rollout/users-ahead.ts";
import { steps } from "../../cli/phases/index.ts";
import type { ReportData } from "../../cli/rollout/report-data.ts";
import { baseline } from "../../infra/topology/topology.ts";
import { capacityExample } from "./capacity-example.ts";

const day = 86_400_000;
const end = Date.parse("2026-01-31T00:00:00Z");

/** Users that grew by an eighth a month, a little more at weekends. */
const usersOfTwoMonths: Measurement = {
  signal: signalOf("users"),
  query: "max(shop_users)",
  windowSeconds: 0,
  quietAt: [],
  historySeconds: (56 * day) / 1_000,
  lack: null,
  points: Array.from({ length: 57 }, (_, index) => ({
    at: (end - (56 - index) * day) / 1_000,
    value: 8_500 * 1.125 ** ((index - 56) / 30) * (index % 7 < 2 ? 1.01 : 1) * (1 + 0.01 * Math.sin(index * index)),
  })),
};

/** A shop of 8,500 users with a month of history; markup in its texts, which a page must not take for its own. */
export const reportExample: ReportData = {
  schema: "shopctl.report/1",
  environment: "demo",
  generatedAt: "2026-01-31T00:00:00.000Z",
  users: 8_500,
  topology: baseline,
  cost: costOf(baseline, plannedUsage(8_500)),
  steps: steps.map((step) => ({
    id: step.id,
    phase: step.phase,
    title: step.title,
    verdict: step.id === "connection-pooler" ? "done" : step.phase === 1 ? "due" : "not-yet",
    dueBy: step.phase === 1 ? "users" : null,
    byEvidence: "unknown",
    byUsers: step.phase === 1 ? "yes" : "no",
    breach: null,
    leadTimeMinutes: step.leadTimeMinutes,
    risk: step.risk,
    evidence: [],
    usdPerMonthNow: 7,
    usdPerMonthAfter: costOf(step.apply(baseline)).usdPerMonth,
    needs: [],
  })),
  binding: "<b>CPU</b> of the tier: 82% of the tier's CPU used (threshold 70%)",
  curves: [
    {
      signal: "cpu-of-tier",
      meaning: "share of the tier's CPU that an instance uses, of the instance with the largest",
      unit: "ratio",
      threshold: 0.7,
      source: "growth plan",
      points: Array.from({ length: 31 }, (_, index) => ({
        atMs: end - (30 - index) * day,
        value: 0.4 + index * 0.014 + (index % 7 < 2 ? -0.05 : 0),
      })),
    },
  ],
  headroom: {
    peakPerSecond: 106.25,
    capacityPerSecond: 225,
    used: 106.25 / 225,
    factor: 225 / 106.25,
    capacity: "measured",
    capacityId: "a",
    capacityAt: "2026-01-01T00:00:00.000Z",
    isLeast: false,
    usersAtCapacity: 18_000,
    breach: { earliest: "2026-06-01", likely: "2026-07-15", latest: null },
    breachBy: "requests",
  },
  headroomMissing: null,
  capacity: capacityExample,
  usersAhead: usersAhead({ now: end / 1_000, of: new Map([["users", usersOfTwoMonths]]) }, baseline, costOf),
  costByUsers: costByUsers(baseline, countsFrom(8_500), costOf),
  rollouts: [
    {
      startedAt: "2026-01-30T13:00:00.000Z",
      step: "tier-standard",
      direction: "rollback",
      state: "done",
      seconds: 31,
      gate: "failed: server-errors 12 of 0 (failed), response-p95-ms 2140 of 2000 (failed)",
      reasons: ["shoppers met 12 errors"],
    },
    {
      startedAt: "2026-01-30T12:00:00.000Z",
      step: "connection-pooler",
      direction: "apply",
      state: "done",
      seconds: 19.5,
      gate: "passed: server-errors 0 of 0, response-p95-ms 35 of 2000",
      reasons: [],
    },
  ],
};
