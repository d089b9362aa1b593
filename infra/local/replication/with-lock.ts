import { open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { PathPlan } from "../../environment/environment.ts";
import { HostError } from "../host/host-error.ts";
import { identify, isSameProcess } from "../host/process-identity.ts";
import { poll } from "../host/poll.ts";

/** `roles`: who is the primary, and its restarts; `server-<n>`: the process and data of a follower. */
export type ReplicationLock = "roles" | `server-${number}`;

/** A copy of a large database takes its time. */
const waitTimeoutMs = 3_600_000;

/** Runs `work` while no other task, of this process or of another one, holds the lock. The lock of a dead process is void. */
export async function withLock<T>(paths: PathPlan, lock: ReplicationLock, work: () => Promise<T>): Promise<T> {
  const file = fileOf(paths, lock);
  const taken = await poll(() => tryTake(file), { timeoutMs: waitTimeoutMs, intervalMs: 20 });
  if (taken === undefined) throw new HostError("refused", `another process has been at work on the database servers`);
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

/** Whether somebody who lives holds it. */
export async function isLocked(paths: PathPlan, lock: ReplicationLock): Promise<boolean> {
  return (await holderLives(fileOf(paths, lock))) === true;
}

async function tryTake(file: string): Promise<true | undefined> {
  const self = identify(process.pid);
  try {
    const handle = await open(file, "wx", 0o644);
    try {
      await handle.writeFile(JSON.stringify(self));
    } finally {
      await handle.close();
    }
    return true;
  } catch {
    if ((await holderLives(file)) === false) await rm(file, { force: true });
    return undefined;
  }
}

/** Undefined when nobody holds it. One that is just being written has an owner. */
async function holderLives(file: string): Promise<boolean | undefined> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return isSameProcess(JSON.parse(text) as { pid: number; startTicks: number });
  } catch {
    return true;
  }
}

function fileOf(paths: PathPlan, lock: ReplicationLock): string {
  return join(paths.run, `${lock}.lock`);
}
