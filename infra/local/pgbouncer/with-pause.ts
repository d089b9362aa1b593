import { setTimeout as delay } from "node:timers/promises";
import { HostError } from "../host/host-error.ts";
import type { PoolerTarget } from "./pooler-console.ts";
import { askConsole, openConsole, poolerAnswers } from "./pooler-console.ts";
import { guardPause } from "./resume-guard.ts";

/** Time that PAUSE may wait for open transactions, in ms: behind it every query queues. */
const pauseTimeoutMs = 1_000;
const pauseAttempts = 5;
const betweenAttemptsMs = 700;

/**
 * Runs `work` while the pooler holds all queries back, so that they wait instead of failing; without a pooler it
 * just runs it. An open transaction makes PAUSE wait: after a second it is given up, tried again, and after five times
 * HostError `refused` is thrown and nothing was changed.
 */
export async function withPause<T>(target: PoolerTarget, work: () => Promise<T>): Promise<T> {
  if (!(await poolerAnswers(target))) return work();
  const callOff = guardPause(target);
  try {
    await pause(target);
    try {
      return await work();
    } finally {
      await resume(target);
    }
  } finally {
    callOff();
  }
}

async function pause(target: PoolerTarget): Promise<void> {
  for (let attempt = 1; attempt <= pauseAttempts; attempt++) {
    if (await tryPause(target)) return;
    await delay(betweenAttemptsMs);
  }
  throw new HostError(
    "refused",
    `a transaction stayed open through ${pauseAttempts} tries to pause the pooler; nothing was changed: end it and run the command again`,
  );
}

async function tryPause(target: PoolerTarget): Promise<boolean> {
  const client = await openConsole(target);
  try {
    const paused = client.query("PAUSE shop").then(
      () => true,
      (error: unknown) => isAlreadyPaused(error),
    );
    const done = await Promise.race([paused, delay(pauseTimeoutMs).then(() => "late" as const)]);
    if (done !== "late") return done;
    // Only a second connection can call a waiting PAUSE off.
    await askConsole(target, "RESUME shop").catch(() => undefined);
    return false;
  } finally {
    void client.end().catch(() => undefined);
  }
}

async function resume(target: PoolerTarget): Promise<void> {
  // The database may have another age or size: connect to it afresh.
  await askConsole(target, "RECONNECT shop").catch(() => undefined);
  await askConsole(target, "RESUME shop");
}

/** A killed run may have left the pooler paused. */
function isAlreadyPaused(error: unknown): boolean {
  return error instanceof Error && /already suspended\/paused/i.test(error.message);
}
