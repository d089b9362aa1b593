import { randomUUID } from "node:crypto";
import { appendFile, mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { topologySchema, type Topology } from "../../../infra/topology/topology.ts";
import type { Snapshot } from "../../advice/snapshot.ts";

const maxAgeMs = 7 * 86_400_000;
const maxEntries = 500;
/** The file is rewritten within its bounds when it has grown past this; an entry is about 5 KiB an instance. */
const maxBytes = 4 * 1_024 * 1_024;

const jobSchema = z.enum(["shop", "router"]);
const sampleSchema = z.strictObject({ name: z.string(), labels: z.record(z.string(), z.string()), value: z.number() });
const scrapedSchema = z.strictObject({
  job: jobSchema,
  instance: z.string(),
  samples: z.array(sampleSchema),
  families: z.array(z.string()),
});
const missingSchema = z.strictObject({ job: jobSchema, instance: z.string(), missing: z.string() });
const entrySchema = z.strictObject({
  version: z.literal(1),
  topology: topologySchema,
  at: z.iso.datetime(),
  endpoints: z.array(z.union([scrapedSchema, missingSchema])),
});
type Entry = z.infer<typeof entrySchema>;

/** The scrapes of an environment that were kept, each with the topology that ran: `<root>/metrics/history.jsonl`. */
export class MetricsHistory {
  readonly #folder: string;
  readonly #file: string;

  constructor(environmentRoot: string) {
    this.#folder = join(environmentRoot, "metrics");
    this.#file = join(this.#folder, "history.jsonl");
  }

  /**
   * The scrapes since this topology began to run without a break, oldest first, at most seven days old. Lines that cannot
   * be read (cut off by a crash, of another version) are passed over: they are history, not state.
   */
  async read(topology: Topology, now: Date): Promise<readonly Snapshot[]> {
    const entries = (await this.#entries()).filter(({ at }) => isKept(at, now));
    const lastOther = entries.findLastIndex((entry) => !isSame(entry.topology, topology));
    return entries.slice(lastOther + 1).map(({ at, endpoints }) => ({ at, endpoints }));
  }

  /** Keeps compact snapshots; drops what is too old or too much once the file is large. */
  async append(topology: Topology, snapshots: readonly Snapshot[]): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o755 });
    const entries = snapshots.map(({ at, endpoints }) => ({ version: 1, topology, at, endpoints }));
    await appendFile(this.#file, linesOf(entries), { mode: 0o644 });
    if ((await stat(this.#file)).size > maxBytes) await this.#shrink(new Date());
  }

  async #shrink(now: Date): Promise<void> {
    const kept = (await this.#entries()).filter(({ at }) => isKept(at, now)).slice(-maxEntries);
    let lines = linesOf(kept);
    while (lines.length > maxBytes / 2) lines = lines.slice(lines.indexOf("\n", lines.length - maxBytes / 2) + 1);
    const fresh = `${this.#file}.${randomUUID()}.tmp`;
    await writeFile(fresh, lines, { mode: 0o644 });
    await rename(fresh, this.#file);
  }

  async #entries(): Promise<readonly Entry[]> {
    const text = await readFile(this.#file, "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return "";
      throw error;
    });
    return text.split("\n").flatMap(parseEntry);
  }
}

function linesOf(entries: readonly object[]): string {
  return entries.map((entry) => `${JSON.stringify(entry)}\n`).join("");
}

function parseEntry(line: string): readonly Entry[] {
  try {
    const parsed = entrySchema.safeParse(JSON.parse(line));
    return parsed.success ? [parsed.data] : [];
  } catch {
    return [];
  }
}

function isKept(at: string, now: Date): boolean {
  const age = now.getTime() - Date.parse(at);
  return age >= 0 && age <= maxAgeMs;
}

function isSame(left: Topology, right: Topology): boolean {
  return JSON.stringify(topologySchema.parse(left)) === JSON.stringify(topologySchema.parse(right));
}
