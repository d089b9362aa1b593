import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { clearPause, holdsBefore, readPause, writePause } from "../../../cli/adapters/pause-mark.ts";
import { RolloutLock } from "../../../cli/adapters/rollout-lock.ts";
import type { Session } from "../../../cli/adapters/session.ts";
import { letGo } from "../../../cli/rollout/execute-plan.ts";
import { pauseRollout } from "../../../cli/rollout/pause-report.ts";

const request = {
  schema: "shopctl.pause/1" as const,
  requestedAt: "2026-01-01T00:00:00.000Z",
  pid: 7,
  command: "scale apply --phase 1",
};
const another = { ...request, requestedAt: "2026-01-01T00:01:00.000Z" };

describe("the mark of a paused rollout", () => {
  let root = "";
  beforeEach(() => (root = mkdtempSync(join(tmpdir(), "shopctl-pause-"))));
  afterEach(() => rmSync(root, { recursive: true }));

  it("says since when and before which step the rollout holds, once it does", async () => {
    expect(await holdsBefore(root, "cache-redis")).toBe(false);
    await writePause(root, request);
    expect(await readPause(root)).toEqual(request);
    expect(await holdsBefore(root, "cache-redis")).toBe(true);
    const held = await readPause(root);
    expect(held).toEqual({ ...request, heldSince: expect.any(String), before: "cache-redis" });
    // Asked again it is the same hold.
    await holdsBefore(root, "cache-redis");
    expect(await readPause(root)).toEqual(held);
  });

  it("does not come back when it is withdrawn while the rollout says that it holds", async () => {
    for (let round = 0; round < 20; round += 1) {
      await writePause(root, request);
      await Promise.all([holdsBefore(root, "cache-redis"), clearPause(root)]);
      expect(await readPause(root)).toBeUndefined();
    }
  });

  it("is the newest when it is withdrawn and asked for anew while the rollout says that it holds", async () => {
    for (let round = 0; round < 20; round += 1) {
      await writePause(root, request);
      await Promise.all([holdsBefore(root, "cache-redis"), clearPause(root).then(() => writePause(root, another))]);
      expect(await readPause(root)).toMatchObject(another);
      await clearPause(root);
    }
  });

  it("is removed by its own run only, where it ends", async () => {
    await writePause(root, request);
    await clearPause(root, { of: 8 });
    expect(await readPause(root)).toEqual(request);
    await clearPause(root, { of: 7 });
    expect(await readPause(root)).toBeUndefined();
  });

  it.each([
    ["is gone after a run that was asked in its last moment", false],
    ["stays after one that was stopped", true],
  ])("%s", async (_what, staysPaused) => {
    const lock = await RolloutLock.acquire(root, "scale apply --phase 1");
    const release = async (): Promise<void> => {
      const session = { environment: { name: "shop", paths: { root } } } as unknown as Session;
      expect((await pauseRollout(session)).state).toBe("requested");
      await lock.release();
    };
    await letGo(root, { release }, { staysPaused });
    expect((await readPause(root)) !== undefined).toBe(staysPaused);
  });
});
