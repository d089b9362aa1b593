import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { z } from "zod";
import { identify, isAlive } from "../../infra/engine/embedded/processes.ts";
import { EngineError, type LockHolder } from "../../infra/engine/engine.ts";
import { linkFile } from "../../infra/engine/link-file.ts";
import { unknownEnvironment } from "../../infra/environment/environment-error.ts";
import { contentOf, removeDead } from "../../infra/engine/remove-dead.ts";

const contentSchema = z.object({ pid: z.int(), startTime: z.string(), startedAt: z.string(), command: z.string() });
type Content = z.infer<typeof contentSchema>;

/**
 * One shopctl at a time changes an environment, over a whole command and not only over one update. The file names its
 * holder; that of a dead holder is taken over.
 */
export class RolloutLock {
  readonly #file: string;
  readonly #content: string;
  /** Whether a killed run's lock was taken over. */
  readonly recovered: boolean;

  private constructor(file: string, content: string, recovered: boolean) {
    this.#file = file;
    this.#content = content;
    this.recovered = recovered;
  }

  /**
   * Throws EngineError `locked` with the holder while that one lives, EnvironmentError `unknown-environment` when the
   * environment was destroyed, as another process may while a question waits for its answer.
   */
  static async acquire(environmentRoot: string, command: string): Promise<RolloutLock> {
    const file = lockFile(environmentRoot);
    const content = JSON.stringify(await ownContent(command));
    let recovered = false;
    for (let tries = 0; tries < 5; tries += 1) {
      if (await linkIn(environmentRoot, file, content)) return new RolloutLock(file, content, recovered);
      const found = await contentOf(file);
      if (found === undefined) continue;
      const holder = parse(found);
      if (holder !== undefined && (await isAlive(holder))) throw lockedBy(holder);
      if (!(await isDead(found))) continue;
      recovered = (await removeDead({ file, content: found, isDead }, content)) || recovered;
    }
    throw new EngineError("locked", `${file} keeps changing hands`);
  }

  /** Leaves another's lock alone: the environment may have been destroyed under this one, and another made by its name. */
  async release(): Promise<void> {
    if ((await contentOf(this.#file)) === this.#content) await rm(this.#file, { force: true });
  }
}

/** Who holds an environment's lock; undefined when nobody does. */
export async function lockHolder(environmentRoot: string): Promise<LockHolder | undefined> {
  const content = await readContent(lockFile(environmentRoot));
  if (content === undefined) return undefined;
  return { pid: content.pid, startedAt: content.startedAt, command: content.command, alive: await isAlive(content) };
}

async function linkIn(environmentRoot: string, file: string, content: string): Promise<boolean> {
  try {
    return await linkFile(file, content);
  } catch (error) {
    if (existsSync(environmentRoot)) throw error;
    throw unknownEnvironment(basename(environmentRoot));
  }
}

function lockFile(environmentRoot: string): string {
  return join(environmentRoot, "rollout.lock");
}

function lockedBy({ pid, startedAt, command }: Content): EngineError {
  const holder = { pid, startedAt, command, alive: true };
  return new EngineError("locked", `process ${pid} (${command}) has been at work since ${startedAt}`, { holder });
}

async function ownContent(command: string): Promise<Content> {
  const self = await identify(process.pid);
  return { pid: process.pid, startTime: self?.startTime ?? "", startedAt: new Date().toISOString(), command };
}

async function isDead(raw: string): Promise<boolean> {
  // As a power cut leaves it: whoever wrote it is gone.
  if (/^\0*$/.test(raw)) return true;
  const content = parse(raw);
  return content !== undefined && !(await isAlive(content));
}

async function readContent(file: string): Promise<Content | undefined> {
  return parse((await contentOf(file)) ?? "");
}

/** Undefined for what is no lock of ours. */
function parse(raw: string): Content | undefined {
  try {
    return contentSchema.parse(JSON.parse(raw));
  } catch {
    return undefined;
  }
}

/** Runs `work` under the lock. Throws what `acquire` throws. */
export async function withRolloutLock<T>(environmentRoot: string, command: string, work: () => Promise<T>): Promise<T> {
  const lock = await RolloutLock.acquire(environmentRoot, command);
  try {
    return await work();
  } finally {
    await lock.release();
  }
}
