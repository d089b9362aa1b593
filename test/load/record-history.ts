import { execFile } from "node:child_process";
import { readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { recordedLines, recordedSignals } from "../support/recorded-signals.ts";
import { waitUntil } from "../support/wait-until.ts";
import { serveHistory } from "./serve-history.ts";

const daySeconds = 86_400;
/** Prometheus looks for blocks each minute, and merges some in a few seconds. */
const mergeTimeoutMs = 900_000;

/** Adds to a history of scrapes what the rules of advice recorded meanwhile, a day at a time, until it is as one that grew. */
export async function recordHistory(
  folder: string,
  { from, until, say }: { readonly from: number; readonly until: number; readonly say: (line: string) => void },
): Promise<void> {
  const data = join(folder, "data");
  const scraped = (await blocksOf(data)).length;
  const prometheus = await serveHistory(folder);
  try {
    for (let at = from; at < until; at += daySeconds) {
      const recorded = await recordedSignals(prometheus.url, { from: at, to: Math.min(until, at + daySeconds) });
      const text = join(folder, "recorded.om");
      await writeFile(text, [...recordedLines(recorded), "# EOF\n"].join(""));
      await addBlocks(text, folder);
      say(`recorded day ${Math.round((at - from) / daySeconds) + 1}`);
    }
    // It would go on beside what is measured.
    say("waiting until Prometheus has merged what it scraped and what it recorded");
    const merged = async (): Promise<boolean> => (await blocksOf(data)).length <= scraped;
    await waitUntil("the blocks to be merged", merged, mergeTimeoutMs);
  } finally {
    await prometheus.stop();
  }
}

/** Turns OpenMetrics text into blocks of a history, one for as much as there is of it, and removes it. */
export async function addBlocks(text: string, folder: string): Promise<void> {
  const made = join(folder, "made");
  const words = ["tsdb", "create-blocks-from", "openmetrics", "--max-block-duration=768h", text, made];
  await promisify(execFile)("promtool", words, { maxBuffer: 1e8 });
  for (const block of await readdir(made)) await rename(join(made, block), join(folder, "data", block));
  await rm(text);
}

async function blocksOf(data: string): Promise<readonly string[]> {
  return (await readdir(data)).filter((name) => /^[0-9A-Z]{26}$/.test(name));
}
