import { setTimeout as sleep } from "node:timers/promises";
import type { ClientBase } from "pg";
import { isLockTrouble, oldestTransaction } from "../store/lock-trouble.ts";

/**
 * Longest wait for a lock or for transactions that were there first. A build that waits blocks no writer, but it holds
 * up VACUUM and every change of the table's schema, behind which writers would wait.
 */
export const lockTimeoutMs = 5_000;
const firstPauseMs = 1_000;
const longestPauseMs = 30_000;

export interface BuildOptions {
  /** Attempts that meet a transaction which does not end go on for so long. */
  readonly giveUpAfterMs: number;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/** An index by its name: one with another definition needs another name. */
export interface WantedIndex {
  readonly name: string;
  readonly table: string;
  /** What follows `create index concurrently <name> on <table>`. */
  readonly definition: string;
  readonly unique?: boolean;
}

export type IndexState = "valid" | "invalid" | "absent";

/** How an index is in the database: a build that was cut off leaves an invalid one. */
export async function indexState(client: ClientBase, name: string): Promise<IndexState> {
  const { rows } = await client.query<{ valid: boolean }>(
    `select indisvalid as valid from pg_index where indexrelid = to_regclass('public.' || quote_ident($1))`,
    [name],
  );
  return rows[0] === undefined ? "absent" : rows[0].valid ? "valid" : "invalid";
}

/** Builds an index beside the traffic, after removing what a build that was cut off has left of it. */
export async function buildIndex(client: ClientBase, index: WantedIndex, options: BuildOptions): Promise<void> {
  const { name, table, definition, unique = false } = index;
  await persistently(client, options, `building ${name}`, async () => {
    const state = await indexState(client, name);
    if (state === "valid") return;
    if (state === "invalid") {
      options.say(`${name}: removing the invalid index that a build which was cut off has left`);
      await client.query(`drop index concurrently if exists ${name}`);
    }
    await client.query(`create ${unique ? "unique " : ""}index concurrently ${name} on ${table} ${definition}`);
  });
}

/** Drops an index beside the traffic; fine when it is gone. */
export async function dropIndex(client: ClientBase, name: string, options: BuildOptions): Promise<void> {
  await persistently(client, options, `dropping ${name}`, async () => {
    await client.query(`drop index concurrently if exists ${name}`);
  });
}

/** Tries until no older transaction is in the way; throws what the last attempt met, with who it waited for. */
async function persistently(
  client: ClientBase,
  { giveUpAfterMs, signal, say }: BuildOptions,
  what: string,
  attempt: () => Promise<void>,
): Promise<void> {
  const deadline = performance.now() + giveUpAfterMs;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    signal.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      if (!isLockTrouble(error)) throw error;
      const inTheWay = await oldestTransaction(client);
      if (performance.now() + pauseMs > deadline)
        throw new Error(`${what} was given up: ${inTheWay}`, { cause: error });
      say(`${what} waits: ${inTheWay}`);
      await sleep(pauseMs, undefined, { signal });
    }
  }
}
