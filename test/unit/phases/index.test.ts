import { describe, expect, it } from "vitest";
import { isStepId, phases, stepIds, stepOf, steps } from "../../../cli/phases/index.ts";

describe("the list of steps", () => {
  it("has phase 1 in its order", () => {
    expect(stepIds).toEqual([
      "connection-pooler",
      "tier-standard",
      "database-paid",
      "cache-redis",
      "email-sendgrid",
      "rate-limits-raised",
    ]);
    expect(phases).toEqual([1]);
  });

  it("has every prerequisite before the step that needs it", () => {
    for (const [index, step] of steps.entries()) {
      for (const need of step.needs) expect(stepIds.slice(0, index)).toContain(need.step);
    }
  });

  it("makes every step due at 8,000 users by the growth plan", () => {
    for (const step of steps) {
      expect(step.triggers.find(({ signal }) => signal === "users")?.atLeast).toBe(8_000);
    }
  });

  it("gives a step by its id and knows what is none", () => {
    expect(stepOf("cache-redis").title).toBe("Redis for the cache and limits of all instances");
    expect([isStepId("cache-redis"), isStepId("cdn")]).toEqual([true, false]);
  });
});
