import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { withRolloutLock } from "../../../cli/adapters/rollout-lock.ts";
import type { Session } from "../../../cli/adapters/session.ts";
import { recoveryFindings } from "../../../cli/rollout/recovery-findings.ts";

it("recovery looks for nothing while a process is at work: what that has begun is no debris", async () => {
  const root = mkdtempSync(join(tmpdir(), "shopctl-recover-"));
  const target = (): never => {
    throw new Error("it was looked at");
  };
  const session = { environment: { name: "demo", paths: { root } }, target } as unknown as Session;
  try {
    await withRolloutLock(root, "scale apply --env demo --phase 1", async () => {
      await expect(recoveryFindings(session)).rejects.toMatchObject({
        failure: { code: "locked", environment: "demo", holder: { pid: process.pid, alive: true } },
      });
    });
    await expect(recoveryFindings(session)).rejects.toThrow("it was looked at");
  } finally {
    rmSync(root, { recursive: true });
  }
});
