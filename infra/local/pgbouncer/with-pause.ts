import { setTimeout as delay } from "node:timers/promises";
import { HostError } from "../host/host-error.ts";
import { poll } from "../host/poll.ts";
import type { PoolerTarget } from "./pooler-console.ts";
import { askConsole, openConsole, poolerAnswers } from "./pooler-console.ts";
import { guardPause } from "./resume-guard.ts";
import type { PauseGuard } from "./resume-guard.ts";

/** Time that PAUSE may wait for open transactions, in ms: behind it every query queues. */
const pauseTimeoutMs = 1_000;
const pauseAttempts = 5;
const betweenAttemptsMs = 700;
const resumeTimeoutMs = 15_000;

/**
 * Runs `work` while the pooler holds all queries back, so that they wait instead of failing; without a pooler it
 * just runs it. An open transaction makes PAUSE wait: after a second it is given up, tried again, and after five times
 * HostError `refused` is thrown and nothing was changed.
 */
export async function withPause<T>(target: PoolerTarget, work: () => Promise<T>): Promise<T> {
  if (!(await poolerAnswers(target))) return work();
  const guard = guardPause(target);
  try {
    await pause(target);
    return await work();
  } finally {
    await resume(target, guard);
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

/** Only when the pooler works again is the guard called off; one that does not answer is left to the guard, which tries on. */
async function resume(target: PoolerTarget, guard: PauseGuard): Promise<void> {
  // The database may have another age or size: connect to it afresh.
  await askConsole(target, "RECONNECT shop").catch(() => undefined);
  const resumed = await poll(() => tryResume(target), { timeoutMs: resumeTimeoutMs, intervalMs: 200 });
  if (resumed === true) return guard.callOff();
  guard.resume();
  throw new HostError(
    "not-ready",
    `the pooler was paused and did not take RESUME within ${resumeTimeoutMs / 1_000} s; it is still being tried: \`shopctl logs pgbouncer\` says why it does not answer`,
  );
}

async function tryResume(target: PoolerTarget): Promise<true> {
  try {
    await askConsole(target, "RESUME shop");
  } catch (error) {
    if (!(error instanceof Error && /not paused/i.test(error.message))) throw error;
  }
  return true;
}

/** A killed run may have left the pooler paused. */
function isAlreadyPaused(error: unknown): boolean {
  return error instanceof Error && /already suspended\/paused/i.test(error.message);
}
