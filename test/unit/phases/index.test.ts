import { describe, expect, it } from "vitest";
import { isStepId, phases, stepIds, stepOf, steps } from "../../../cli/phases/index.ts";

describe("the list of steps", () => {
  it("has the phases in their order", () => {
    expect(stepIds).toEqual([
      "connection-pooler",
      "tier-standard",
      "database-paid",
      "cache-redis",
      "email-sendgrid",
      "rate-limits-raised",
      "tier-pro",
      "database-indexes",
      "email-queue",
      "cdn",
      "monitoring",
      "read-replicas",
      "partitioning",
      "load-balancing",
      "archiving",
      "query-optimisation",
    ]);
    expect(phases).toEqual([1, 2, 3]);
  });

  it("has every prerequisite before the step that needs it", () => {
    for (const [index, step] of steps.entries()) {
      for (const need of step.needs) expect(stepIds.slice(0, index)).toContain(need.step);
    }
  });

  it("makes every step due by the growth plan at the users of its phase", () => {
    const users = { 1: [8_000], 2: [10_000, 20_000], 3: [50_000] };
    for (const step of steps) {
      expect(users[step.phase]).toContain(step.triggers.find(({ signal }) => signal === "users")?.atLeast);
    }
  });

  it("gives a step by its id and knows what is none", () => {
    expect(stepOf("cache-redis").title).toBe("Redis for the cache and limits of all instances");
    expect([isStepId("cache-redis"), isStepId("queue")]).toEqual([true, false]);
  });
});
