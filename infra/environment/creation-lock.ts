import { open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { identify, isSameProcess } from "../local/host/process-identity.ts";
import { EnvironmentError } from "./environment-error.ts";

const waitMs = 10_000;

/**
 * Runs `work` while no other process creates an environment in this home, so that two never take the same ports. The
 * lock of a process that died is taken over. Throws EnvironmentError `locked` after 10 s.
 */
export async function withCreationLock<T>(home: string, work: () => Promise<T>): Promise<T> {
  const path = join(home, "create.lock");
  const deadline = Date.now() + waitMs;
  while (!(await tryLock(path))) {
    await removeStaleLock(path);
    if (Date.now() > deadline)
      throw new EnvironmentError(
        "locked",
        `another shopctl is creating an environment (${path} names its pid); try again when it is done`,
      );
    await delay(50);
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

async function tryLock(path: string): Promise<boolean> {
  try {
    const file = await open(path, "wx", 0o600);
    await file.writeFile(JSON.stringify(identify(process.pid) ?? { pid: process.pid, startTicks: 0 }));
    await file.close();
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

async function removeStaleLock(path: string): Promise<void> {
  const content = await readFile(path, "utf8").catch(() => "");
  const [, pid, ticks] = /"pid":(\d+),"startTicks":(\d+)/.exec(content) ?? [];
  // Empty: its holder is between making and filling it, or died there; the deadline decides.
  if (pid === undefined) return;
  if (!isSameProcess({ pid: Number(pid), startTicks: Number(ticks) })) await rm(path, { force: true });
}
