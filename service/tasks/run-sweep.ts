import { setTimeout as sleep } from "node:timers/promises";
import type { ClientBase } from "pg";
import { moveBatch, type Batch, type BatchRequest } from "./move-batch.ts";
import type { Sweep } from "./sweep.ts";

export interface SweepOptions {
  readonly batchSize: number;
  /** Rest between two batches, so that the shop's statements, replicas and autovacuum keep up. */
  readonly pauseMs: number;
  readonly nowMs: number;
  /** Ends the run after the batch that is under way. */
  readonly signal: AbortSignal;
  readonly onBatch: (sum: SweepSum) => void;
}

export interface SweepSum {
  readonly taken: number;
  readonly seen: number;
  readonly batches: number;
  /** Longest time that one batch took, and so the longest that it can have held a lock, in ms. */
  readonly longestBatchMs: number;
}

export interface SweepResult extends SweepSum {
  /** False when the run was told to end before it had seen all. */
  readonly complete: boolean;
}

/** Lock not to be had in time, deadlock: the batch was undone and may be tried again. */
const passing = new Set(["55P03", "40P01"]);
const maxTries = 5;

/**
 * Takes all old rows out of a table, batch by batch. What is done is done: a run that was killed left nothing half-way,
 * and the next one begins with what is still there.
 */
export async function runSweep(client: ClientBase, sweep: Sweep, options: SweepOptions): Promise<SweepResult> {
  const before = new Date(options.nowMs - sweep.keepMs);
  let sum: SweepSum = { taken: 0, seen: 0, batches: 0, longestBatchMs: 0 };
  let after: BatchRequest["after"];
  while (!options.signal.aborted) {
    const startedAt = performance.now();
    const batch = await tryBatch(client, sweep, options, { before, size: options.batchSize, after });
    sum = {
      taken: sum.taken + batch.taken,
      seen: sum.seen + batch.seen,
      batches: sum.batches + 1,
      longestBatchMs: Math.max(sum.longestBatchMs, Math.round(performance.now() - startedAt)),
    };
    options.onBatch(sum);
    if (batch.seen < options.batchSize) return { ...sum, complete: true };
    after = batch.end;
    await sleep(options.pauseMs, undefined, { signal: options.signal }).catch(() => undefined);
  }
  return { ...sum, complete: false };
}

async function tryBatch(
  client: ClientBase,
  sweep: Sweep,
  options: SweepOptions,
  request: BatchRequest,
): Promise<Batch> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await moveBatch(client, sweep, request);
    } catch (error) {
      const code = error instanceof Error && "code" in error ? String(error.code) : "";
      if (!passing.has(code) || tries === maxTries || options.signal.aborted) throw error;
      await sleep(options.pauseMs * tries, undefined, { signal: options.signal }).catch(() => undefined);
    }
  }
}
