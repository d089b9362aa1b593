import { mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { program } from "../../../infra/local/host/programs.ts";
import { runCommand } from "../../../infra/local/host/run-command.ts";
import type { Snapshot } from "../../advice/snapshot.ts";
import { openMetrics } from "./open-metrics.ts";

const timeoutMs = 120_000;

/** Snapshots as blocks of a Prometheus in a folder, each there as a whole or not at all. Throws HostError. */
export async function makeBlocks(snapshots: readonly Snapshot[], folder: string): Promise<void> {
  if (!snapshots.some(({ endpoints }) => endpoints.length > 0)) return;
  const work = await mkdtemp(join(folder, ".making-"));
  try {
    const text = join(work, "scrapes.om");
    const made = join(work, "made");
    await writeFile(text, openMetrics(snapshots));
    const words = ["tsdb", "create-blocks-from", "openmetrics", "--max-block-duration=24h", text, made];
    await runCommand(program("promtool"), words, { timeoutMs });
    for (const block of await readdir(made)) await rename(join(made, block), join(folder, block));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
