import type { ClientBase } from "pg";
import { estimateRows } from "../store/estimate-rows.ts";
import { bringBack } from "./bring-back.ts";
import { lockTimeoutMs } from "./build-index.ts";
import { checkArchived, countArchived } from "./count-archived.ts";
import { keepMonthsAhead } from "./layout/attempt-months.ts";
import { partitionAttempts } from "./layout/partition-attempts.ts";
import { relaySessions } from "./layout/relay-sessions.ts";
import { unpartitionAttempts } from "./layout/unpartition-attempts.ts";
import { runSweep, type SweepResult } from "./run-sweep.ts";
import type { Sweep } from "./sweep.ts";
import { attemptArchive, isSweepName, sweeps } from "./sweeps.ts";

/** Tasks that are not sweeps. */
const others = [
  "bring-attempts-back",
  "attempt-months",
  "partition-attempts",
  "partition-sessions",
  "unpartition-attempts",
  "unpartition-sessions",
] as const;

/** Every task by the name that it is started with. */
export const taskNames = [...Object.keys(sweeps), ...others] as readonly TaskName[];
export type TaskName = keyof typeof sweeps | (typeof others)[number];

export function isTaskName(name: string): name is TaskName {
  return taskNames.some((known) => known === name);
}

/** What only one task at a time may work on: the rows of a table, or its layout. */
export function turnOf(name: TaskName): string {
  if (name.includes("attempt")) return "login-attempts";
  return name.includes("session") ? "sessions" : name;
}

export interface TaskOptions {
  readonly batchSize: number;
  readonly pauseMs: number;
  readonly nowMs: number;
  readonly signal: AbortSignal;
  /** Told after every batch. */
  readonly onProgress: (line: string) => void;
  /** Told what somebody should know. */
  readonly say: (line: string) => void;
}

/** What a task did, as it is printed; `complete` is false when it was told to end before. */
export type TaskResult = Readonly<Record<string, number | boolean>> & { readonly complete: boolean };

/** A table that lost so many rows, in parts of all, is cleaned at once: advice and planner go by its statistics. */
const worthVacuum = 0.02;

/** Runs a task to its end. Throws when rows went missing. */
export async function runNamedTask(client: ClientBase, name: TaskName, options: TaskOptions): Promise<TaskResult> {
  if (isSweepName(name)) return { ...(await sweep(client, sweeps[name], options)) };
  if (name === "bring-attempts-back") return bringAttemptsBack(client, options);
  // What is not a batch may take its time: an index is built, a constraint is checked. What it waits for may not: without a
  // bound a transaction that somebody left open would hold it for ever, and nobody would be told.
  await client.query(`set statement_timeout = 0; set lock_timeout = ${lockTimeoutMs}`);
  const patience = { signal: options.signal, say: options.onProgress };
  switch (name) {
    case "attempt-months":
      return { made: await keepMonthsAhead(client, options.nowMs, patience), complete: true };
    case "partition-attempts":
      await partitionAttempts(client, options.nowMs, patience);
      break;
    case "unpartition-attempts":
      await unpartitionAttempts(client, options.nowMs, patience);
      break;
    case "partition-sessions":
      await relaySessions(client, "partitioned", patience);
      break;
    case "unpartition-sessions":
      await relaySessions(client, "plain", patience);
      break;
    default:
      throw new TypeError(`no task ${JSON.stringify(name satisfies never)}`);
  }
  return { complete: true };
}

async function bringAttemptsBack(client: ClientBase, options: TaskOptions): Promise<TaskResult> {
  const route = { archive: attemptArchive, table: sweeps["login-attempts"].table };
  const { moved, complete } = await bringBack(client, route, {
    ...options,
    onBatch: (share, sum) => options.onProgress(`${percent(share)} of the archive, ${sum} rows brought back`),
  });
  if (moved > 0 && complete) await clean(client, route.table, options.say);
  return { moved, complete };
}

async function sweep(client: ClientBase, wanted: Sweep, options: TaskOptions): Promise<SweepResult> {
  const { table, destination, due, reads } = wanted;
  const before = new Date(options.nowMs - wanted.keepMs);
  const archive = destination.kind === "table" ? { archive: destination.table, before } : undefined;
  const counted = archive && (await countArchived(client, wanted, archive));
  const ask = async (sql: string, values: readonly unknown[]): Promise<object[]> =>
    (await client.query<object>(sql, [...values])).rows;
  const all = await estimateRows(ask, `select from ${table} t`);
  const inAll =
    counted?.due ?? (reads === "all" ? all : await estimateRows(ask, `select from ${table} t where ${due}`, [before]));
  const result = await runSweep(client, wanted, {
    ...options,
    onBatch: ({ seen, taken }) =>
      options.onProgress(`${percent(seen / Math.max(1, inAll))} of the rows to look at, ${taken} taken`),
  });
  if (archive !== undefined && counted !== undefined)
    checkArchived(counted, await countArchived(client, wanted, archive), result.taken);
  if (result.complete && result.taken > all * worthVacuum) await clean(client, table, options.say);
  return result;
}

/**
 * As gently as autovacuum does it. Autovacuum itself may be at the table, and makes way for who waits longer than
 * deadlock_timeout, a second; no writer waits behind this lock. When it does not work, the task has done its work all the same.
 */
async function clean(client: ClientBase, table: string, say: (line: string) => void): Promise<void> {
  try {
    await client.query(`set vacuum_cost_delay = '2ms'; set statement_timeout = 0; set lock_timeout = ${lockTimeoutMs}`);
    await client.query(`vacuum (analyze) ${table}`);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    say(`${table} was not cleaned (${reason}); autovacuum will`);
  }
}

function percent(share: number): string {
  return `${Math.min(100, Math.floor(share * 100))}%`;
}
