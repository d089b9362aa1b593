import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { RolloutRecords, unfinished } from "../../../cli/adapters/rollout-records.ts";
import { RecordKeeper } from "../../../cli/rollout/record-keeper.ts";
import type { StepRecord } from "../../../cli/rollout/step-record.ts";
import { planned } from "./planned.ts";
import { RecordedWorld } from "./recorded-world.ts";

let root = "";
beforeEach(() => (root = mkdtempSync(join(tmpdir(), "rollout-records-"))));
afterEach(() => {
  vi.useRealTimers();
  rmSync(root, { recursive: true });
});

it("removes what a killed run had half written, and nothing else", async () => {
  const folder = join(root, "rollouts");
  mkdirSync(folder);
  for (const name of ["a-apply-tier-pro.json", "b-apply-cdn.json.0f8.tmp"]) writeFileSync(join(folder, name), "{");
  const records = new RolloutRecords(root);
  await records.removeDrafts();
  expect(readdirSync(folder)).toEqual(["a-apply-tier-pro.json"]);
  // What is no record, and an environment that never had one.
  expect(await records.list()).toEqual([]);
  await new RolloutRecords(join(root, "new")).removeDrafts();
});

it("finds a run that was killed although the clock was set back since the run before it", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.UTC(2026, 0, 1, 12) });
  const records = new RolloutRecords(root);
  const world = Object.assign(new RecordedWorld(), {
    process: { pid: 4_194_305, startTime: "1" },
    timestamp: () => new Date().toISOString(),
    recordStamp: () => records.nextStamp(),
    save: (record: StepRecord) => records.save(record),
  });
  const [first, second] = planned("cache-redis", "tier-standard");
  const done = await RecordKeeper.open(first!, world);
  await done.enter("gate");
  await done.close("done");
  vi.setSystemTime(Date.UTC(2026, 0, 1, 11));
  await (await RecordKeeper.open(second!, world)).enter("up");
  writeFileSync(join(root, "rollouts", "no-record.json"), "{");
  expect((await unfinished(await records.list()))?.step).toBe(second!.id);
  expect((await records.list()).map(({ id, startedAt }) => [id.slice(0, 24), startedAt])).toEqual([
    ["2026-01-01T12-00-00.001Z", "2026-01-01T11:00:00.000Z"],
    ["2026-01-01T12-00-00.000Z", "2026-01-01T12:00:00.000Z"],
  ]);
  expect(await records.nextStamp()).toBe("2026-01-01T12:00:00.002Z");
});
