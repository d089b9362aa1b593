import { createHash } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { writeDurably } from "../../engine/write-durably.ts";
import { isRecord, openEnvelopes } from "./secret-envelopes.ts";

type Properties = Readonly<Record<string, unknown>>;

const withFolders = z.union([
  z.object({ paths: z.object({ run: z.string() }) }).transform(({ paths }) => paths.run),
  z.object({ releases: z.string() }).transform(({ releases }) => join(dirname(releases), "run")),
]);
/** What stands in a record while an update is under way. */
const unfinished = "unfinished";
/** Stands before the digest of a state whose deletion has begun. */
const deletion = "deletion of ";

/**
 * Runs an update in place and keeps a record of it beside the environment. An engine's state has the old inputs until
 * an update has succeeded and was saved: of one that failed or was killed, only this record tells that what runs may
 * not be what the state says.
 */
export async function recordingUpdate<State extends Properties>(
  urn: string,
  wanted: Properties,
  update: () => Promise<State>,
): Promise<State> {
  const file = recordFile(urn, wanted);
  if (file !== undefined) await writeDurably(file, unfinished);
  const state = await update();
  if (file !== undefined) await writeDurably(file, digestOf(state));
  return state;
}

/**
 * Notes that a state's deletion begins. The note stays: an engine that was killed, or whose deletion failed, has the state
 * still, also when all of it is gone. It is about this state only, for a replaced resource goes when the new one is there.
 */
export async function recordDeletion(urn: string, state: Properties): Promise<void> {
  const file = recordFile(urn, state);
  if (file !== undefined) await writeDurably(file, deletionOf(state));
}

/**
 * Why what runs may differ from a state: its last update did not end, or the state of after it was never saved; or its
 * deletion had begun. Undefined when it does not.
 */
export async function leftOpen(urn: string, state: Properties): Promise<"update" | "deletion" | undefined> {
  const file = recordFile(urn, state);
  const record = file === undefined ? undefined : await readFile(file, "utf8").catch(() => undefined);
  if (record === undefined || record === digestOf(state)) return undefined;
  if (!record.startsWith(deletion)) return "update";
  return record === deletionOf(state) ? "deletion" : undefined;
}

/** What runs is a state that was just made: an update of an earlier one, or the deletion of its like, is no more. */
export async function settle(urn: string, made: Properties): Promise<void> {
  const file = recordFile(urn, made);
  if (file !== undefined && (await leftOpen(urn, made)) !== undefined) await rm(file, { force: true });
}

/** Resources without an environment's folders have nothing that an update could leave half-made. */
function recordFile(urn: string, properties: Properties): string | undefined {
  const parsed = withFolders.safeParse(properties);
  if (!parsed.success) return undefined;
  const [, , types = "", name = ""] = urn.split("::");
  const type = types.split(/[$:]/).at(-1) ?? "";
  return join(parsed.data, "updates", encodeURIComponent(`${type}-${name}`));
}

function deletionOf(state: Properties): string {
  return `${deletion}${digestOf(state)}`;
}

function digestOf(state: Properties): string {
  return createHash("sha256")
    .update(JSON.stringify(ordered(openEnvelopes(state))))
    .digest("hex");
}

/** Engines keep neither the order of keys nor those without a value. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (!isRecord(value)) return value;
  const keys = Object.keys(value).filter((key) => !key.startsWith("__") && value[key] !== undefined);
  return keys.toSorted().map((key) => [key, ordered(value[key])]);
}
