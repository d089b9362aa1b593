import { existsSync, readdirSync, statSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { PathPlan } from "../../environment/environment.ts";

/** Logs of removed instances that are kept: enough to look into what happened around the last rollouts. */
const keptLogs = 10;

/** Removes the logs of instances that are long gone: each rollout would otherwise leave up to 10 MB. */
export async function pruneInstanceLogs(paths: PathPlan): Promise<void> {
  if (!existsSync(paths.logs)) return;
  const gone = readdirSync(paths.logs)
    .filter((name) => name.startsWith("web-") && !existsSync(join(paths.services, name)))
    .flatMap((name) => {
      const folder = join(paths.logs, name);
      // Another removal may prune at the same time.
      const found = statSync(folder, { throwIfNoEntry: false });
      return found === undefined ? [] : [{ folder, changedMs: found.mtimeMs }];
    })
    .toSorted((a, b) => b.changedMs - a.changedMs);
  for (const { folder } of gone.slice(keptLogs)) await rm(folder, { recursive: true, force: true });
}
