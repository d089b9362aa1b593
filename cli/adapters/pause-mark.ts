import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { writeDurably } from "../../infra/engine/write-durably.ts";

const requestSchema = z.object({
  schema: z.literal("shopctl.pause/1"),
  requestedAt: z.iso.datetime(),
  /** The run that was asked, so that a later one knows whether the mark is its own. */
  pid: z.int(),
  command: z.string(),
});

const holdSchema = z.object({
  /** The request that this answers: what answers another is old. */
  requestedAt: z.iso.datetime(),
  heldSince: z.iso.datetime(),
  before: z.string(),
});

type PauseRequest = z.infer<typeof requestSchema>;

/** A rollout that was asked to hold; since when, and before which step, it does is missing while it still works on a step. */
export type PauseMark = PauseRequest & Partial<Pick<z.infer<typeof holdSchema>, "heldSince" | "before">>;

/** The mark of an environment: a file, so that a paused rollout stays paused when its process is killed. */
export async function readPause(environmentRoot: string): Promise<PauseMark | undefined> {
  const request = await readAs(requestSchema, requestFile(environmentRoot));
  if (request === undefined) return undefined;
  const hold = await readAs(holdSchema, holdFile(environmentRoot));
  if (hold?.requestedAt !== request.requestedAt) return request;
  return { ...request, heldSince: hold.heldSince, before: hold.before };
}

export async function writePause(environmentRoot: string, request: PauseRequest): Promise<void> {
  await writeDurably(requestFile(environmentRoot), `${JSON.stringify(request)}\n`);
}

/**
 * Whether the rollout at work is to hold before a step. It says that it does in a file of its own: in the request's it could
 * bring back one that another process has just withdrawn.
 */
export async function holdsBefore(environmentRoot: string, step: string): Promise<boolean> {
  const mark = await readPause(environmentRoot);
  if (mark === undefined) return false;
  if (mark.heldSince === undefined) {
    const { requestedAt } = mark;
    const hold: z.infer<typeof holdSchema> = { requestedAt, heldSince: new Date().toISOString(), before: step };
    await writeDurably(holdFile(environmentRoot), `${JSON.stringify(hold)}\n`);
  }
  return true;
}

/** Removes the mark; with `of` only when it is that process' own. */
export async function clearPause(environmentRoot: string, options: { readonly of?: number } = {}): Promise<void> {
  if (options.of !== undefined && (await readPause(environmentRoot))?.pid !== options.of) return;
  await rm(requestFile(environmentRoot), { force: true });
  await rm(holdFile(environmentRoot), { force: true });
}

async function readAs<T>(schema: z.ZodType<T>, file: string): Promise<T | undefined> {
  try {
    return schema.parse(JSON.parse(await readFile(file, "utf8")));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

function requestFile(environmentRoot: string): string {
  return join(environmentRoot, "rollout.pause");
}

function holdFile(environmentRoot: string): string {
  return join(environmentRoot, "rollout.held");
}
