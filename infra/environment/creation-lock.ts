import { randomUUID } from "node:crypto";
import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
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

/** Linking a finished file is atomic: a lock always names its holder. */
async function tryLock(path: string): Promise<boolean> {
  const fresh = `${path}.${randomUUID()}.tmp`;
  try {
    await writeFile(fresh, JSON.stringify(identify(process.pid)), { mode: 0o600 });
    await link(fresh, path);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  } finally {
    await rm(fresh, { force: true });
  }
}

/** Moves a dead holder's lock away; should another process have taken it over just now, that one's file goes back. */
async function removeStaleLock(path: string): Promise<void> {
  const content = await readFile(path, "utf8").catch(() => undefined);
  if (content === undefined || isHeld(content)) return;
  const aside = `${path}.${randomUUID()}.dead`;
  try {
    await rename(path, aside);
  } catch {
    return;
  }
  const moved = await readFile(aside, "utf8").catch(() => content);
  if (moved !== content) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}

/** One that names nobody, after a full disk or a power cut, is nobody's. */
function isHeld(content: string): boolean {
  const [, pid, ticks] = /"pid":(\d+),"startTicks":(\d+)/.exec(content) ?? [];
  return pid !== undefined && isSameProcess({ pid: Number(pid), startTicks: Number(ticks) });
}
