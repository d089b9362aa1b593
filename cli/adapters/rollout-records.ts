import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { isAlive } from "../../infra/engine/embedded/processes.ts";
import { topologySchema } from "../../infra/topology/topology.ts";
import { stepIds } from "../phases/index.ts";
import { deployMoves } from "../planning/deploy-moves.ts";
import type { StepRecord } from "../rollout/step-record.ts";
import { removeDrafts, writeDurably } from "../../infra/engine/write-durably.ts";

/** Only what a later run acts on is checked; the rest of a record is for reading. */
const recordSchema = z.looseObject({
  schema: z.literal("shopctl.rollout-step/1"),
  id: z.string(),
  step: z.enum([...stepIds, ...deployMoves]),
  direction: z.enum(["apply", "rollback"]),
  state: z.enum(["running", "done", "returned", "stranded", "stopped", "interrupted"]),
  stage: z.enum(["preview", "up", "verify", "gate", "back"]),
  startedAt: z.string(),
  before: topologySchema,
  after: topologySchema,
  process: z.object({ pid: z.int(), startTime: z.string() }),
});

/** Records of the steps that were rolled out in an environment, one file each. */
export class RolloutRecords {
  readonly #folder: string;

  constructor(environmentRoot: string) {
    this.#folder = join(environmentRoot, "rollouts");
  }

  file(record: Pick<StepRecord, "id">): string {
    return join(this.#folder, `${record.id}.json`);
  }

  async save(record: StepRecord): Promise<void> {
    await writeDurably(this.file(record), `${JSON.stringify(record, undefined, 2)}\n`);
  }

  /**
   * What the next record's id begins with: the time, ISO 8601, or past the newest record's where the clock was set back.
   * A run that was killed is only seen while its record is the newest.
   */
  async nextStamp(): Promise<string> {
    const last = (await this.#newestFirst()).map(stampMs).find((ms) => ms !== undefined) ?? 0;
    return new Date(Math.max(Date.now(), last + 1)).toISOString();
  }

  /** Newest first; a file that is no record is left out. */
  async list(): Promise<readonly StepRecord[]> {
    const records = await Promise.all((await this.#newestFirst()).map((name) => this.#read(join(this.#folder, name))));
    return records.filter((record) => record !== undefined);
  }

  /** Removes what killed runs had not written to its end; to be called under the rollout lock, when nobody writes. */
  async removeDrafts(): Promise<void> {
    await removeDrafts(this.#folder);
  }

  async #newestFirst(): Promise<readonly string[]> {
    const names = await readdir(this.#folder).catch(() => []);
    return names
      .filter((name) => name.endsWith(".json"))
      .toSorted()
      .toReversed();
  }

  async #read(file: string): Promise<StepRecord | undefined> {
    try {
      const content: unknown = JSON.parse(await readFile(file, "utf8"));
      return isRecord(content) ? content : undefined;
    } catch {
      return undefined;
    }
  }
}

/**
 * The newest record that touched anything, when its run was killed or stopped in the middle of it: the environment may
 * stand between two topologies. Runs that ended in their preview touched nothing and hide no earlier one.
 */
export async function unfinished(newestFirst: readonly StepRecord[]): Promise<StepRecord | undefined> {
  for (const record of newestFirst) {
    const { state, stage } = record;
    if (state === "running" && (await isAlive(record.process))) return undefined;
    if (stage === "preview") continue;
    return state === "running" || state === "stopped" || state === "stranded" ? record : undefined;
  }
  return undefined;
}

/** The time that an id begins with, in ms; its colons are dashes there. */
function stampMs(name: string): number | undefined {
  const [, day, hour, minute, second] = /^(\d{4}-\d{2}-\d{2})T(\d{2})-(\d{2})-(\d{2}\.\d{3}Z)-/.exec(name) ?? [];
  return day === undefined ? undefined : Date.parse(`${day}T${hour}:${minute}:${second}`);
}

function isRecord(content: unknown): content is StepRecord {
  return recordSchema.safeParse(content).success;
}
