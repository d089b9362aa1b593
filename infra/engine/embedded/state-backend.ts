import { createHash } from "node:crypto";
import { copyFile, mkdir, readFile, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { EngineError, type StackReference, type UntypedDeployment } from "../engine.ts";
import { findDamage } from "./check-deployment.ts";
import { statePaths, type StatePaths } from "./state-paths.ts";
import { writeDurably } from "../write-durably.ts";

interface Checkpoint {
  readonly version: number;
  readonly checkpoint: { readonly stack: string; readonly latest?: UntypedDeployment["deployment"] };
}

interface Checksum {
  /** Time in the manifest of the save that it belongs to; a save by another engine has another. */
  readonly manifestTime: string;
  readonly sha256: string;
}

/** Backups beyond this number are removed, oldest first. */
const keptBackups = 50;

/** Reads and writes a stack's deployment in Pulumi's file backend. */
export class StateBackend {
  readonly paths: StatePaths;
  readonly #stack: StackReference;
  #metaWritten = false;

  constructor(stack: StackReference) {
    this.#stack = stack;
    this.paths = statePaths(stack);
  }

  /** The last deployment, undefined for a stack never deployed; EngineError `state-corrupt` when it is damaged. */
  async load(): Promise<UntypedDeployment | undefined> {
    const text = await readIfThere(this.paths.checkpoint);
    if (text === undefined) {
      if ((await readIfThere(`${this.paths.checkpoint}.gz`)) !== undefined) {
        throw new EngineError("unsupported", `compressed state (${this.paths.checkpoint}.gz)`);
      }
      return undefined;
    }
    const read = readCheckpoint(text);
    const damage = read.damage ?? (await this.#findTampering(text, read.deployment));
    if (damage !== undefined || read.deployment === undefined) throw this.#corrupt(damage ?? "it is empty");
    return { version: 3, deployment: read.deployment };
  }

  /** Replaces the state; what was there before becomes the save before the last. */
  async save({ deployment }: UntypedDeployment): Promise<void> {
    await this.#writeMeta();
    const name = `organization/${this.#stack.project}/${this.#stack.stack}`;
    const text = JSON.stringify({ version: 3, checkpoint: { stack: name, latest: deployment } });
    await copyFile(this.paths.checkpoint, this.paths.previous).catch(ignoreMissing);
    const checksum: Checksum = { manifestTime: manifestTimeOf(deployment), sha256: sha256(text) };
    // The checksum goes first: with a crash between the two it names a save that is not there, and is not used.
    await writeDurably(this.paths.checksum, JSON.stringify(checksum));
    await writeDurably(this.paths.checkpoint, text);
  }

  /** Keeps a copy of the present state, as Pulumi does once an operation. */
  async backUp(): Promise<void> {
    await mkdir(this.paths.backups, { recursive: true });
    const before = (await readdir(this.paths.backups)).toSorted();
    const file = join(this.paths.backups, `${this.#stack.stack}.${stampAfter(before.at(-1))}.json`);
    await copyFile(this.paths.checkpoint, file).catch(ignoreMissing);
    const names = (await readdir(this.paths.backups)).toSorted();
    for (const name of names.slice(0, -keptBackups)) await rm(join(this.paths.backups, name), { force: true });
  }

  /** Puts the newest sound copy back in place of a damaged state; returns which file and of what time it was. */
  async restoreLastGood(): Promise<{ readonly file: string; readonly savedAt: string }> {
    const backups = await readdir(this.paths.backups).catch(() => []);
    const candidates = [this.paths.previous, ...backups.map((name) => join(this.paths.backups, name))];
    const sound: { file: string; savedAt: string; deployment: UntypedDeployment["deployment"] }[] = [];
    for (const file of candidates) {
      const text = await readIfThere(file);
      const read = text === undefined ? {} : readCheckpoint(text);
      if (read.deployment !== undefined && read.damage === undefined) {
        sound.push({ file, savedAt: manifestTimeOf(read.deployment), deployment: read.deployment });
      }
    }
    sound.sort((a, b) => Date.parse(b.savedAt) - Date.parse(a.savedAt));
    const [best] = sound;
    if (best === undefined)
      throw new EngineError("state-corrupt", `no sound copy of the state of ${this.#stack.stack}`);
    await copyFile(this.paths.checkpoint, `${this.paths.checkpoint}.damaged`).catch(ignoreMissing);
    await rm(this.paths.checksum, { force: true });
    await writeDurably(this.paths.checkpoint, await readFile(best.file, "utf8"));
    return { file: best.file, savedAt: best.savedAt };
  }

  /** Removes state, history and backups. */
  async remove(): Promise<void> {
    const { checkpoint, previous, checksum, backups, history, locks } = this.paths;
    const attributes = [checkpoint, previous].map((file) => `${file}.attrs`);
    for (const path of [checkpoint, previous, ...attributes, join(checksum, ".."), backups, history, locks]) {
      await rm(path, { recursive: true, force: true });
    }
  }

  async #findTampering(
    text: string,
    deployment: UntypedDeployment["deployment"] | undefined,
  ): Promise<string | undefined> {
    const known = await readIfThere(this.paths.checksum);
    if (known === undefined || deployment === undefined) return undefined;
    const { manifestTime, sha256: expected } = JSON.parse(known) as Checksum;
    if (manifestTime !== manifestTimeOf(deployment) || expected === sha256(text)) return undefined;
    if (await wroteByPulumi(this.paths.checkpoint, text)) return undefined;
    return "its checksum does not match: it was changed by hand";
  }

  #corrupt(damage: string): EngineError {
    const file = this.paths.checkpoint;
    return new EngineError(
      "state-corrupt",
      `the state of stack ${this.#stack.stack} (${file}) is damaged: ${damage}. ` +
        `Sound copies are in ${this.paths.backups} and ${this.paths.previous}; \`shopctl recover\` puts the newest back.`,
    );
  }

  async #writeMeta(): Promise<void> {
    if (this.#metaWritten) return;
    this.#metaWritten = true;
    if ((await readIfThere(this.paths.meta)) === undefined) await writeDurably(this.paths.meta, "version: 1\n");
  }
}

/** Now in ns, or past the newest backup where the clock was set back: the oldest names are the ones to go. */
function stampAfter(newest: string | undefined): bigint {
  const last = BigInt(/\.(\d+)\.json/.exec(newest ?? "")?.[1] ?? 0);
  const now = BigInt(Date.now()) * 1_000_000n;
  return now > last ? now : last + 1n;
}

/** Puts the newest sound copy of a damaged state back; the damaged file stays beside it as `.damaged`. */
export async function restoreLastGoodState(
  stack: StackReference,
): Promise<{ readonly file: string; readonly savedAt: string }> {
  return await new StateBackend(stack).restoreLastGood();
}

function readCheckpoint(text: string): { deployment?: UntypedDeployment["deployment"]; damage?: string } {
  let content: Checkpoint;
  try {
    content = JSON.parse(text) as Checkpoint;
  } catch {
    return { damage: "it is not JSON (a torn write)" };
  }
  if (content.version > 3) return { damage: `its version is ${content.version}, this engine reads 3` };
  if (typeof content.checkpoint !== "object" || content.checkpoint === null) return { damage: "it has no checkpoint" };
  const deployment = content.checkpoint.latest ?? { manifest: { time: "", magic: "", version: "" } };
  const damage = findDamage(deployment);
  return damage === undefined ? { deployment } : { deployment, damage };
}

function manifestTimeOf(deployment: UntypedDeployment["deployment"]): string {
  return (deployment["manifest"] as { time?: string } | undefined)?.time ?? "";
}

/** Pulumi keeps the MD5 of what it wrote beside the file; an edit by its CLI keeps the manifest's time. */
async function wroteByPulumi(checkpoint: string, text: string): Promise<boolean> {
  const attributes = await readIfThere(`${checkpoint}.attrs`);
  if (attributes === undefined) return false;
  return (JSON.parse(attributes) as { md5?: string }).md5 === createHash("md5").update(text).digest("base64");
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function ignoreMissing(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
}
