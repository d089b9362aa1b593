import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { PathPlan } from "../../environment/environment.ts";
import { isLocked as isFileLocked, tryLock } from "../host/file-lock.ts";
import { HostError } from "../host/host-error.ts";

/**
 * `roles`: who is the primary, and its restarts; `server-<n>`: the process and data of a follower; `condemned`: all servers
 * go, with their data.
 */
export type ReplicationLock = "roles" | "condemned" | `server-${number}`;

/** A copy of a large database takes its time. */
const waitTimeoutMs = 3_600_000;
const intervalMs = 20;

/**
 * Runs `work` while no other task, of this process or of another one, holds the lock. The lock of a dead process is void.
 * Throws HostError `refused` when it was held for an hour, and what the disk says when it takes no lock: no wait mends that.
 */
export async function withLock<T>(paths: PathPlan, lock: ReplicationLock, work: () => Promise<T>): Promise<T> {
  const file = fileOf(paths, lock);
  const deadline = performance.now() + waitTimeoutMs;
  while (!(await tryLock(file))) {
    if (performance.now() > deadline)
      throw new HostError("refused", `another process has been at work on the database servers`);
    await delay(intervalMs);
  }
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

/** Takes a lock until this process ends, whose death makes it void. */
export async function holdLock(paths: PathPlan, lock: ReplicationLock): Promise<void> {
  await tryLock(fileOf(paths, lock));
}

/** Whether somebody who lives holds it. */
export async function isLocked(paths: PathPlan, lock: ReplicationLock): Promise<boolean> {
  return await isFileLocked(fileOf(paths, lock));
}

function fileOf(paths: PathPlan, lock: ReplicationLock): string {
  return join(paths.run, `${lock}.lock`);
}
