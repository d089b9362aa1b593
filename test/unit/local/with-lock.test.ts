import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { PathPlan } from "../../../infra/environment/environment.ts";
import { isLocked, withLock } from "../../../infra/local/replication/with-lock.ts";

describe("a lock on database servers", () => {
  let paths: PathPlan;
  beforeEach(() => {
    const run = mkdtempSync(join(tmpdir(), "lock-"));
    paths = { root: run, services: run, data: run, run, logs: run, config: run, releases: run, backups: run };
  });
  afterEach(() => {
    rmSync(paths.run, { recursive: true });
  });

  it("is had by one task at a time, and leaves nothing", async () => {
    let [inside, most, done] = [0, 0, 0];
    const task = async (): Promise<void> => {
      inside += 1;
      most = Math.max(most, inside);
      await delay(2);
      inside -= 1;
      done += 1;
    };
    await Promise.all(Array.from({ length: 20 }, () => withLock(paths, "roles", task)));
    expect([most, done, readdirSync(paths.run)]).toEqual([1, 20, []]);
  });

  it("is not waited for where the disk takes none", async () => {
    rmSync(paths.run, { recursive: true });
    writeFileSync(paths.run, "");
    await expect(withLock(paths, "roles", async () => "done")).rejects.toMatchObject({ code: "ENOTDIR" });
  });

  it.each([
    ["of a process that is dead", JSON.stringify({ pid: 2 ** 22 - 1, startTicks: 1 })],
    ["of another process of that number", JSON.stringify({ pid: process.pid, startTicks: 1 })],
    ["that was torn", ""],
  ])("%s is void, also when many want it at once", async (_whose, text) => {
    writeFileSync(join(paths.run, "roles.lock"), text);
    expect(await isLocked(paths, "roles")).toBe(false);
    let [inside, most] = [0, 0];
    const task = async (): Promise<void> => {
      inside += 1;
      most = Math.max(most, inside);
      expect(await isLocked(paths, "roles")).toBe(true);
      inside -= 1;
    };
    await Promise.all(Array.from({ length: 10 }, () => withLock(paths, "roles", task)));
    expect([most, readdirSync(paths.run)]).toEqual([1, []]);
  });
});
