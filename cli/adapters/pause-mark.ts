import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { writeDurably } from "../../infra/engine/write-durably.ts";

const markSchema = z.strictObject({
  schema: z.literal("shopctl.pause/1"),
  requestedAt: z.iso.datetime(),
  /** The run that was asked, so that a later one knows whether the mark is its own. */
  pid: z.int(),
  command: z.string(),
  /** Since when, and before which step, that run holds; missing while it still works on a step. */
  heldSince: z.iso.datetime().optional(),
  before: z.string().optional(),
});

/** A rollout that was asked to hold. */
export type PauseMark = z.infer<typeof markSchema>;

/** The mark of an environment: a file, so that a paused rollout stays paused when its process is killed. */
export async function readPause(environmentRoot: string): Promise<PauseMark | undefined> {
  try {
    return markSchema.parse(JSON.parse(await readFile(markFile(environmentRoot), "utf8")));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

export async function writePause(environmentRoot: string, mark: PauseMark): Promise<void> {
  await writeDurably(markFile(environmentRoot), `${JSON.stringify(mark)}\n`);
}

/** Removes the mark; with `of` only when it is that process' own. */
export async function clearPause(environmentRoot: string, options: { readonly of?: number } = {}): Promise<void> {
  if (options.of !== undefined && (await readPause(environmentRoot))?.pid !== options.of) return;
  await rm(markFile(environmentRoot), { force: true });
}

function markFile(environmentRoot: string): string {
  return join(environmentRoot, "rollout.pause");
}
