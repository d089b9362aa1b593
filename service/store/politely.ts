import { setTimeout as sleep } from "node:timers/promises";
import type { ClientBase } from "pg";
import { isLockTrouble, oldestTransaction } from "./lock-trouble.ts";

export interface Patience {
  /** Ends the work before its next attempt. */
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
  /** After so long, in ms, the next attempt that meets another's lock is the last. */
  readonly giveUpAfterMs?: number;
}

/** Whoever comes after a change of a table waits behind it: so long, and no longer, a shopper may. */
export const lockTimeoutMs = 150;
/** Rest between two attempts, so that those who waited get through: at least, and at most. */
const [shortestPauseMs, longestPauseMs] = [150, 400];
/**
 * Postgres ends an automatic vacuum for whoever waits for it this long, which must be before they give up. Only superusers
 * may say so; RDS' parameters do for the others.
 */
const endVacuum = "set deadlock_timeout = '100ms'";
/** A nightly dump holds its tables for minutes; nobody should hold them for longer. */
const patienceMs = 900_000;
const sayEveryMs = 5_000;

/**
 * Runs statements in a transaction that gives up its place in the queue after 150 ms, again and again until it gets its
 * locks: one that waited until a long reader is through would let every write wait behind it. They are sent as one text,
 * so that a lock is not held while this process waits for its turn of the processor.
 */
export async function politely(
  client: ClientBase,
  what: string,
  patience: Patience,
  statements: readonly string[],
): Promise<void> {
  const text = ["begin", `set local lock_timeout = ${lockTimeoutMs}`, ...statements, "commit"].join(";\n");
  await untilUnlocked(client, what, patience, async () => {
    try {
      await client.query(text);
    } catch (error) {
      await client.query("rollback").catch(() => undefined);
      throw error;
    }
  });
}

/**
 * Makes an attempt of the session `client` again for as long as it ends with `lockTimeoutMs` or a deadlock. Each must be a
 * transaction, undone when it throws.
 */
export async function untilUnlocked<T>(
  client: ClientBase,
  what: string,
  { signal, say, giveUpAfterMs = patienceMs }: Patience,
  attempt: () => Promise<T>,
): Promise<T> {
  await client.query(endVacuum).catch(() => undefined);
  const startedAt = performance.now();
  let saidAt = startedAt;
  for (;;) {
    signal.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      if (!isLockTrouble(error)) throw error;
      const now = performance.now();
      if (now - startedAt > giveUpAfterMs) {
        const inTheWay = await oldestTransaction(client);
        throw new Error(`${what} was given up after ${giveUpAfterMs / 1_000} s: ${inTheWay}`, { cause: error });
      }
      if (now - saidAt > sayEveryMs) {
        saidAt = now;
        say(`${what} waits for a moment in which nobody holds its tables: ${await oldestTransaction(client)}`);
      }
      // Not in step with a reader that comes at fixed times.
      const pauseMs = shortestPauseMs + Math.random() * (longestPauseMs - shortestPauseMs);
      await sleep(pauseMs, undefined, { signal });
    }
  }
}
