import { createHash } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { writeDurably } from "../../engine/write-durably.ts";
import { isRecord, openEnvelopes } from "./secret-envelopes.ts";

type Properties = Readonly<Record<string, unknown>>;

const withPaths = z.object({ paths: z.object({ run: z.string() }).loose() });
/** What stands in a record while an update is under way. */
const unfinished = "unfinished";

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

/** Whether what runs may differ from a state: its last update did not end, or the state of after it was never saved. */
export async function mayDiffer(urn: string, state: Properties): Promise<boolean> {
  const file = recordFile(urn, state);
  const record = file === undefined ? undefined : await readFile(file, "utf8").catch(() => undefined);
  return record !== undefined && record !== digestOf(state);
}

/** For a resource that is gone or made anew. */
export async function forgetUpdate(urn: string, state: Properties): Promise<void> {
  const file = recordFile(urn, state);
  if (file !== undefined) await rm(file, { force: true });
}

/** Resources without an environment's folders have nothing that an update could leave half-made. */
function recordFile(urn: string, properties: Properties): string | undefined {
  const parsed = withPaths.safeParse(properties);
  if (!parsed.success) return undefined;
  const [, , types = "", name = ""] = urn.split("::");
  const type = types.split(/[$:]/).at(-1) ?? "";
  return join(parsed.data.paths.run, "updates", encodeURIComponent(`${type}-${name}`));
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
