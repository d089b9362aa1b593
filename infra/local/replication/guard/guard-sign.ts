import { utimes, writeFile } from "node:fs/promises";
import { statSync } from "node:fs";
import { join } from "node:path";
import type { PathPlan } from "../../../environment/environment.ts";

/** The guard touches a file at each of its rounds: that is how others know that it is awake. */
export async function giveSign(paths: PathPlan): Promise<void> {
  const now = new Date();
  await utimes(fileOf(paths), now, now).catch(() => writeFile(fileOf(paths), ""));
}

/** Whether it has finished a round since a time, in ms of the epoch. */
export async function guardIsAwake(paths: PathPlan, sinceMs: number): Promise<boolean> {
  return (statSync(fileOf(paths), { throwIfNoEntry: false })?.mtimeMs ?? 0) >= sinceMs;
}

function fileOf(paths: PathPlan): string {
  return join(paths.run, "replication-guard.sign");
}
