import { randomUUID } from "node:crypto";
import { appendFile, mkdir, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Snapshot } from "../../advice/snapshot.ts";
import { makeBlocks } from "./make-blocks.ts";

/** As long as the environment's own Prometheus keeps. */
const maxAgeMs = 60 * 86_400_000;
/** A tail of some 500 scrapes of one instance is turned into blocks in a quarter of a second. */
const maxTailBytes = 4 * 1_024 * 1_024;

const jobSchema = z.enum(["shop", "router"]);
const sampleSchema = z.strictObject({ name: z.string(), labels: z.record(z.string(), z.string()), value: z.number() });
const scrapedSchema = z.object({ job: jobSchema, instance: z.string(), samples: z.array(sampleSchema) });
const missingSchema = z.object({ job: jobSchema, instance: z.string(), missing: z.string() });
const entrySchema = z.object({
  version: z.union([z.literal(1), z.literal(2)]),
  at: z.iso.datetime(),
  endpoints: z.array(z.union([scrapedSchema, missingSchema])),
});
const blockSchema = z.object({ maxTime: z.number() });

/**
 * The scrapes of an environment that were kept, in `<root>/metrics`: the newest as lines of JSON (`*.jsonl`), older ones as blocks
 * of a Prometheus (`blocks/`), which take 2 bytes a sample. It is history, not state: what cannot be read is passed over.
 */
export class MetricsHistory {
  readonly #folder: string;
  readonly #tail: string;
  readonly #blocks: string;

  constructor(environmentRoot: string) {
    this.#folder = join(environmentRoot, "metrics");
    this.#tail = join(this.#folder, "history.jsonl");
    this.#blocks = join(this.#folder, "blocks");
  }

  /** The scrapes that stand in no block yet, oldest first. */
  async tail(): Promise<readonly Snapshot[]> {
    const names = (await readdir(this.#folder).catch(() => [])).filter((name) => name.endsWith(".jsonl"));
    const texts = await Promise.all(names.map((name) => readFile(join(this.#folder, name), "utf8").catch(() => "")));
    return texts.flatMap(entriesOf).toSorted((left, right) => Date.parse(left.at) - Date.parse(right.at));
  }

  /** Folders of the blocks. */
  async blocks(): Promise<readonly string[]> {
    const names = await readdir(this.#blocks).catch(() => []);
    return names.map((name) => join(this.#blocks, name));
  }

  /** Keeps compact snapshots; once there are many they become blocks, and blocks that are too old go. */
  async append(snapshots: readonly Snapshot[], now: Date): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o755 });
    const lines = snapshots.map(({ at, endpoints }) => `${JSON.stringify({ version: 2, at, endpoints })}\n`);
    await appendFile(this.#tail, lines.join(""), { mode: 0o644 });
    if ((await stat(this.#tail)).size > maxTailBytes) await this.seal(now);
  }

  /** Blocks from what is in the tail. Killed on the way it leaves a tail that is sealed next time; what is twice counts once. */
  async seal(now: Date): Promise<void> {
    await rename(this.#tail, join(this.#folder, `sealing-${randomUUID()}.jsonl`));
    const names = (await readdir(this.#folder)).filter((name) => name.startsWith("sealing-"));
    const texts = await Promise.all(names.map((name) => readFile(join(this.#folder, name), "utf8")));
    await mkdir(this.#blocks, { recursive: true, mode: 0o755 });
    await makeBlocks(texts.flatMap(entriesOf), this.#blocks);
    for (const name of names) await rm(join(this.#folder, name), { force: true });
    await this.#dropOld(now);
  }

  async #dropOld(now: Date): Promise<void> {
    for (const block of await this.blocks()) {
      const meta: unknown = await readFile(join(block, "meta.json"), "utf8").then(JSON.parse, () => undefined);
      const parsed = blockSchema.safeParse(meta);
      if (parsed.success && now.getTime() - parsed.data.maxTime > maxAgeMs) await rm(block, { recursive: true });
    }
  }
}

function entriesOf(text: string): readonly Snapshot[] {
  return text.split("\n").flatMap((line) => {
    try {
      const parsed = entrySchema.safeParse(JSON.parse(line));
      return parsed.success ? [{ at: parsed.data.at, endpoints: parsed.data.endpoints }] : [];
    } catch {
      return [];
    }
  });
}
