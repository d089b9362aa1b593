import { randomUUID } from "node:crypto";
import { appendFile, mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Snapshot } from "../../advice/snapshot.ts";
import { makeBlocks } from "./make-blocks.ts";
import { readHistory, type ReadHistory } from "./read-history.ts";

/** As long as the environment's own Prometheus keeps. */
const maxAgeMs = 60 * 86_400_000;
/** A tail of some 500 scrapes of one instance is turned into blocks in a quarter of a second. */
const maxTailBytes = 4 * 1_024 * 1_024;

const blockSchema = z.object({ maxTime: z.number() });

/**
 * The scrapes of an environment that were kept, in `<root>/metrics`: the newest as lines of JSON (`*.jsonl`), older ones as blocks
 * of a Prometheus (`blocks/`), which take 2 bytes a sample. It is history, not state: what cannot be read is passed over, and
 * kept as long as the rest.
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
    return oldestFirst(texts.map(readHistory));
  }

  /** Folders of the blocks. */
  async blocks(): Promise<readonly string[]> {
    const names = await readdir(this.#blocks).catch(() => []);
    // One that begins with a dot is about to become blocks, or was left by a run that was killed.
    return names.filter((name) => !name.startsWith(".")).map((name) => join(this.#blocks, name));
  }

  /** Keeps compact snapshots; once there are many they become blocks, and blocks that are too old go. */
  async append(snapshots: readonly Snapshot[], now: Date): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o755 });
    const lines = snapshots.map(({ at, endpoints }) => `${JSON.stringify({ version: 2, at, endpoints })}\n`);
    // A line of its own even after one that a crash cut off; empty lines count for nothing.
    await appendFile(this.#tail, `\n${lines.join("")}`, { mode: 0o644 });
    const tail = await stat(this.#tail).catch(unlessGone);
    if (tail !== undefined && tail.size > maxTailBytes) await this.seal(now);
  }

  /**
   * Blocks from what is in the tail. Killed on the way it leaves a tail that is sealed next time; what is twice counts once.
   * The same holds for two that seal at once. What cannot be read stays as lines: a shopctl that can read it seals it.
   */
  async seal(now: Date): Promise<void> {
    await rename(this.#tail, this.#sealing()).catch(unlessGone);
    const files = await this.#readToSeal();
    await mkdir(this.#blocks, { recursive: true, mode: 0o755 });
    await makeBlocks(oldestFirst(files), this.#blocks);
    for (const { file, snapshots, unread } of files) {
      // A file of nothing else is left as it is, so that its age is that of its lines.
      if (unread.length > 0 && snapshots.length === 0) continue;
      if (unread.length > 0) await writeFile(this.#sealing(), `${unread.join("\n")}\n`, { mode: 0o644 });
      await rm(file, { force: true });
    }
    await this.#dropOld(now);
  }

  async #readToSeal(): Promise<readonly (ReadHistory & { readonly file: string })[]> {
    const read = (await this.#filesToSeal()).map(async (file) => {
      const text = await readFile(file, "utf8").catch(unlessGone);
      return text === undefined ? [] : [{ file, ...readHistory(text) }];
    });
    return (await Promise.all(read)).flat();
  }

  #sealing(): string {
    return join(this.#folder, `sealing-${randomUUID()}.jsonl`);
  }

  async #filesToSeal(): Promise<readonly string[]> {
    const names = (await readdir(this.#folder)).filter((name) => name.startsWith("sealing-"));
    return names.map((name) => join(this.#folder, name));
  }

  async #dropOld(now: Date): Promise<void> {
    // What is still to be sealed now is what nobody could read.
    for (const file of await this.#filesToSeal()) {
      const found = await stat(file).catch(unlessGone);
      if (found !== undefined && now.getTime() - found.mtimeMs > maxAgeMs) await rm(file, { force: true });
    }
    for (const block of await this.blocks()) {
      const meta: unknown = await readFile(join(block, "meta.json"), "utf8").then(JSON.parse, () => undefined);
      const parsed = blockSchema.safeParse(meta);
      if (parsed.success && now.getTime() - parsed.data.maxTime > maxAgeMs)
        await rm(block, { recursive: true, force: true });
    }
  }
}

/** For a file that another shopctl may have sealed meanwhile. */
function unlessGone(error: unknown): undefined {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
  throw error;
}

function oldestFirst(files: readonly ReadHistory[]): readonly Snapshot[] {
  const snapshots = files.flatMap((file) => file.snapshots);
  return snapshots.toSorted((left, right) => Date.parse(left.at) - Date.parse(right.at));
}
