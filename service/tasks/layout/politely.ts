import { setTimeout as sleep } from "node:timers/promises";
import type { ClientBase } from "pg";

export interface Patience {
  /** Ends the task before its next attempt. */
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/** Whoever comes after a change of a table waits behind it: so long, and no longer, a shopper may. */
const lockTimeoutMs = 150;
/** Rest between two attempts, so that those who waited get through: at least, and at most. */
const [shortestPauseMs, longestPauseMs] = [150, 400];
/** A nightly dump holds its tables for minutes; nobody should hold them for longer. */
const giveUpAfterMs = 900_000;
const sayEveryMs = 5_000;

/** Lock not to be had in time, deadlock: the attempt was undone and another may do better. */
const passing = new Set(["55P03", "40P01"]);

/**
 * Runs `work` in a transaction that gives up its place in the queue after 150 ms, again and again until it gets its locks.
 * One that waited in the queue until a long reader is through would let every write wait behind it.
 */
export async function politely(
  client: ClientBase,
  what: string,
  { signal, say }: Patience,
  work: () => Promise<void>,
): Promise<void> {
  const startedAt = performance.now();
  let saidAt = startedAt;
  for (;;) {
    signal.throwIfAborted();
    try {
      return await inTransaction(client, work);
    } catch (error) {
      const code = error instanceof Error && "code" in error ? String(error.code) : "";
      if (!passing.has(code)) throw error;
      const now = performance.now();
      if (now - startedAt > giveUpAfterMs)
        throw new Error(`${what} was given up after ${giveUpAfterMs / 60_000} minutes: others hold the table`, {
          cause: error,
        });
      if (now - saidAt > sayEveryMs) {
        saidAt = now;
        say(`${what} waits for a moment in which nobody holds the table`);
      }
      // Not in step with a reader that comes at fixed times.
      const pauseMs = shortestPauseMs + Math.random() * (longestPauseMs - shortestPauseMs);
      await sleep(pauseMs, undefined, { signal });
    }
  }
}

async function inTransaction(client: ClientBase, work: () => Promise<void>): Promise<void> {
  await client.query("begin");
  try {
    await client.query(`set local lock_timeout = ${lockTimeoutMs}`);
    await work();
    await client.query("commit");
  } catch (error) {
    await client.query("rollback").catch(() => undefined);
    throw error;
  }
}
