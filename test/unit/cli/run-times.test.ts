import { expect, test } from "vitest";
import type { StepRecord } from "../../../cli/rollout/step-record.ts";
import { lastChange } from "../../../cli/rollout/run-times.ts";

const seconds = (at: string) => Date.parse(at) / 1_000;
const record = (step: StepRecord["step"], endedAt: string, stage: StepRecord["stage"] = "gate") =>
  ({ step, stage, startedAt: "2026-03-01T00:00:00Z", endedAt }) as StepRecord;

test("loads count from the last step on, be it applied or taken back", () => {
  const records = [
    record("tier-standard", "2026-03-08T10:00:00Z", "back"),
    record("cache-redis", "2026-03-02T10:00:00Z"),
  ];
  expect(lastChange(records)).toBe(seconds("2026-03-08T10:00:00Z"));
});

test("a shop that deploys daily is judged by the days before its deployments too", () => {
  const days = ["09", "08", "07", "06"].map((day) => `2026-03-${day}T12:00:00Z`);
  const deployed = days.flatMap((day) => [record("deploy-rest", day), record("deploy-canary", day)]);
  expect(lastChange(deployed)).toBeUndefined();
  expect(lastChange([...deployed, record("tier-pro", "2026-03-01T12:00:00Z")])).toBe(seconds("2026-03-01T12:00:00Z"));
});

test("a step that ended in its preview touched nothing", () => {
  expect(lastChange([record("tier-pro", "2026-03-01T12:00:00Z", "preview")])).toBeUndefined();
});
