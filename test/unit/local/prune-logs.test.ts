import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { pathPlanOf } from "../../../infra/environment/path-plan.ts";
import { pruneInstanceLogs } from "../../../infra/local/supervision/prune-logs.ts";

test("logs of gone instances are pruned while other removals prune them too", async () => {
  const home = mkdtempSync(join(tmpdir(), "logs-"));
  const paths = pathPlanOf(home, "a");
  try {
    for (let round = 0; round < 20; round += 1) {
      for (let at = 0; at < 100; at += 1) mkdirSync(join(paths.logs, `web-${at}`), { recursive: true });
      // Each begins at a moment of its own, as removals do, and thus in the middle of another's work.
      const removals = Array.from({ length: 8 }, async (_, at) => {
        for (let turn = 0; turn < at; turn += 1) await new Promise((resolve) => setImmediate(resolve));
        await pruneInstanceLogs(paths);
      });
      await Promise.all(removals);
      expect(readdirSync(paths.logs).length).toBe(10);
    }
  } finally {
    rmSync(home, { recursive: true });
  }
});
