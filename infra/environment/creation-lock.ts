import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { tryLock } from "../local/host/file-lock.ts";
import { EnvironmentError } from "./environment-error.ts";

const waitMs = 10_000;

/**
 * Runs `work` while no other process creates an environment in this home, so that two never take the same ports. The
 * lock of a process that died is taken over. Throws EnvironmentError `locked` after 10 s.
 */
export async function withCreationLock<T>(home: string, work: () => Promise<T>): Promise<T> {
  const path = join(home, "create.lock");
  const deadline = performance.now() + waitMs;
  while (!(await tryLock(path))) {
    if (performance.now() > deadline)
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
