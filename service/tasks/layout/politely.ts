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
 * Runs statements in a transaction that gives up its place in the queue after 150 ms, again and again until it gets its
 * locks: one that waited until a long reader is through would let every write wait behind it. They are sent as one text,
 * so that a lock is not held while this process waits for its turn of the processor.
 */
export async function politely(
  client: ClientBase,
  what: string,
  { signal, say }: Patience,
  statements: readonly string[],
): Promise<void> {
  const text = ["begin", `set local lock_timeout = ${lockTimeoutMs}`, ...statements, "commit"].join(";\n");
  const startedAt = performance.now();
  let saidAt = startedAt;
  for (;;) {
    signal.throwIfAborted();
    try {
      return void (await client.query(text));
    } catch (error) {
      await client.query("rollback").catch(() => undefined);
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
