import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { lockHolder, RolloutLock, withRolloutLock } from "../../../cli/adapters/rollout-lock.ts";

describe("the lock of an environment", () => {
  let root = "";
  beforeEach(() => (root = mkdtempSync(join(tmpdir(), "shopctl-lock-"))));
  afterEach(() => rmSync(root, { recursive: true }));

  it("is held by one at a time, and names its holder to the other", async () => {
    const lock = await RolloutLock.acquire(root, "scale apply --phase 1");
    await expect(RolloutLock.acquire(root, "scale rollback")).rejects.toMatchObject({
      code: "locked",
      holder: { pid: process.pid, command: "scale apply --phase 1", alive: true },
    });
    await lock.release();
    expect(await withRolloutLock(root, "scale rollback", async () => "done")).toBe("done");
    expect([await lockHolder(root), readdirSync(root)]).toEqual([undefined, []]);
  });

  it("is refused once the environment was destroyed, and makes no folder in its place", async () => {
    const destroyed = join(root, "environments", "shop");
    await expect(RolloutLock.acquire(destroyed, "scale apply")).rejects.toMatchObject({
      code: "unknown-environment",
      message: expect.stringContaining("there is no environment shop"),
    });
    expect(readdirSync(root)).toEqual([]);
  });

  it("that is another's by now is left alone by whoever had it before", async () => {
    const lock = await RolloutLock.acquire(root, "env destroy shop");
    rmSync(join(root, "rollout.lock"));
    const other = await RolloutLock.acquire(root, "env create shop");
    await lock.release();
    expect((await lockHolder(root))?.command).toBe("env create shop");
    await other.release();
    expect(readdirSync(root)).toEqual([]);
  });

  it("of a dead holder is taken over, also when its number is another process's by now", async () => {
    const dead = { pid: process.pid, startTime: "1", startedAt: "2026-01-01T00:00:00.000Z", command: "scale apply" };
    writeFileSync(join(root, "rollout.lock"), JSON.stringify(dead));
    expect((await lockHolder(root))?.alive).toBe(false);
    const lock = await RolloutLock.acquire(root, "scale apply");
    expect([lock.recovered, (await lockHolder(root))?.alive]).toEqual([true, true]);
    await lock.release();
  });

  it("of a holder on another machine counts as held, and names it, until somebody says that it is gone", async () => {
    const at = { pid: 4_194_305, startTime: "1", startedAt: "2026-01-01T00:00:00.000Z", command: "scale apply" };
    writeFileSync(join(root, "rollout.lock"), JSON.stringify({ ...at, host: "elsewhere" }));
    const { startTime: _own, ...holder } = { ...at, host: "elsewhere", alive: true };
    await expect(RolloutLock.acquire(root, "scale apply")).rejects.toMatchObject({
      code: "locked",
      message: expect.stringContaining("process 4194305 on elsewhere"),
      holder,
    });
    expect(await lockHolder(root)).toEqual(holder);
    const lock = await RolloutLock.acquire(root, "recover", { everyHostIsThis: true });
    expect([lock.recovered, await lockHolder(root)]).toEqual([true, expect.not.objectContaining({ host: hostname() })]);
    await lock.release();
  });

  it("goes to exactly one of many who find a dead holder at once", async () => {
    const dead = { pid: 4_194_305, startTime: "1", startedAt: "2026-01-01T00:00:00.000Z", command: "scale apply" };
    for (let round = 0; round < 20; round += 1) {
      writeFileSync(join(root, "rollout.lock"), JSON.stringify(dead));
      const acquire = (): Promise<RolloutLock> => RolloutLock.acquire(root, "scale apply");
      const tries = await Promise.allSettled(Array.from({ length: 20 }, acquire));
      expect(tries.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      expect(readdirSync(root)).toEqual(["rollout.lock"]);
    }
  });

  it("is taken over although who wanted to before died on the way", async () => {
    const dead = (pid: number) => ({
      pid,
      startTime: "1",
      startedAt: "2026-01-01T00:00:00.000Z",
      command: "scale apply",
    });
    writeFileSync(join(root, "rollout.lock"), JSON.stringify(dead(4_194_305)));
    writeFileSync(join(root, "rollout.lock.takeover"), JSON.stringify(dead(4_194_306)));
    const lock = await RolloutLock.acquire(root, "scale apply");
    expect([lock.recovered, readdirSync(root)]).toEqual([true, ["rollout.lock"]]);
  });

  it.each(["", "\0".repeat(120)])("that a power cut left without its content is taken over", async (left) => {
    writeFileSync(join(root, "rollout.lock"), left);
    const lock = await RolloutLock.acquire(root, "scale apply");
    expect([lock.recovered, readdirSync(root)]).toEqual([true, ["rollout.lock"]]);
  });

  it("that is no lock of ours is refused, not overwritten", async () => {
    writeFileSync(join(root, "rollout.lock"), "not JSON");
    await expect(RolloutLock.acquire(root, "scale apply")).rejects.toMatchObject({ code: "locked" });
  });
});
