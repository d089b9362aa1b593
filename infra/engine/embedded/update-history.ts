import { copyFile, readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { ResourceOperation, StackReference, UpdateRecord } from "../engine.ts";
import { statePaths } from "./state-paths.ts";
import { writeDurably } from "../write-durably.ts";

/** Pulumi's UpdateInfo as it stands in a history file; times in seconds. */
interface StoredUpdate {
  readonly kind: string;
  readonly startTime: number;
  readonly message: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly config: Readonly<Record<string, unknown>>;
  readonly version: number;
  readonly result: UpdateRecord["result"];
  readonly endTime: number;
  readonly resourceChanges?: UpdateRecord["changes"];
}

/** Pulumi's names of the kinds. */
const storedKinds = { update: "update", destroy: "destroy", refresh: "refresh", import: "resource-import" } as const;

/** One update while it runs; its record is on the disk from the start, so that a killed one can be seen. */
export class UpdateHistory {
  readonly #paths: ReturnType<typeof statePaths>;
  readonly #base: string;
  readonly #start: StoredUpdate;

  private constructor(stack: StackReference, start: StoredUpdate, startedAt: bigint) {
    this.#paths = statePaths(stack);
    this.#base = join(this.#paths.history, `${stack.stack}-${startedAt}`);
    this.#start = start;
  }

  static async begin(stack: StackReference, kind: UpdateRecord["kind"], message: string): Promise<UpdateHistory> {
    const now = Date.now();
    const history = new UpdateHistory(
      stack,
      {
        kind: storedKinds[kind],
        startTime: Math.floor(now / 1_000),
        message,
        environment: {},
        config: {},
        version: 0,
        result: "in-progress",
        endTime: 0,
      },
      BigInt(now) * 1_000_000n,
    );
    await closeKilled(history.#paths.history);
    await writeDurably(`${history.#base}.history.json`, JSON.stringify(history.#start));
    return history;
  }

  async end(
    result: UpdateRecord["result"],
    changes: Readonly<Partial<Record<ResourceOperation, number>>>,
  ): Promise<void> {
    const record: StoredUpdate = {
      ...this.#start,
      result,
      endTime: Math.floor(Date.now() / 1_000),
      resourceChanges: changes,
    };
    await writeDurably(`${this.#base}.history.json`, JSON.stringify(record));
    await copyFile(this.#paths.checkpoint, `${this.#base}.checkpoint.json`).catch(() => undefined);
  }
}

/** Records that a killed engine left open are closed as failed; the caller holds the lock, so none of them runs. */
async function closeKilled(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    if (!name.endsWith(".history.json")) continue;
    const record = JSON.parse(await readFile(join(folder, name), "utf8")) as StoredUpdate;
    if (record.result !== "in-progress") continue;
    const closed: StoredUpdate = { ...record, result: "failed", endTime: record.startTime };
    await writeDurably(join(folder, name), JSON.stringify(closed));
  }
}

/** Records of a stack, newest first; versions count up from 1. */
export async function readHistory(stack: StackReference): Promise<readonly UpdateRecord[]> {
  const folder = statePaths(stack).history;
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(".history.json")).toSorted();
  const records: UpdateRecord[] = [];
  for (const [index, name] of names.entries()) {
    records.push(toRecord(JSON.parse(await readFile(join(folder, name), "utf8")) as StoredUpdate, index + 1));
  }
  return records.toReversed();
}

function toRecord(stored: StoredUpdate, version: number): UpdateRecord {
  const kind = (Object.keys(storedKinds) as (keyof typeof storedKinds)[]).find(
    (key) => storedKinds[key] === stored.kind,
  );
  return {
    version,
    kind: kind ?? "update",
    message: stored.message,
    result: stored.result,
    startedAt: new Date(stored.startTime * 1_000).toISOString(),
    ...(stored.endTime === 0 ? {} : { endedAt: new Date(stored.endTime * 1_000).toISOString() }),
    changes: stored.resourceChanges ?? {},
  };
}
