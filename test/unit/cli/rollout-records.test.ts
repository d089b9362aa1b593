import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { RolloutRecords } from "../../../cli/adapters/rollout-records.ts";

let root = "";
beforeEach(() => (root = mkdtempSync(join(tmpdir(), "rollout-records-"))));
afterEach(() => rmSync(root, { recursive: true }));

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
