import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, join } from "node:path";
import { z } from "zod";
import { identify, isAlive } from "../../infra/engine/embedded/processes.ts";
import { EngineError, type LockHolder } from "../../infra/engine/engine.ts";
import { linkFile } from "../../infra/engine/link-file.ts";
import { unknownEnvironment } from "../../infra/environment/environment-error.ts";
import { contentOf, removeDead } from "../../infra/engine/remove-dead.ts";

const contentSchema = z.object({
  pid: z.int(),
  startTime: z.string(),
  /** Absent in a lock of before there was one. */
  host: z.string().optional(),
  startedAt: z.string(),
  command: z.string(),
});
type Content = z.infer<typeof contentSchema>;

export interface LockOptions {
  /** A lock of another machine is this one's: it had another name, or whoever asks knows that its holder is gone. */
  readonly everyHostIsThis?: boolean;
}

/**
 * One shopctl at a time changes an environment, over a whole command and not only over one update. The file names its
 * holder; that of a dead holder is taken over. A team may share the environment's folder: a holder on another machine
 * counts as alive.
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
  static async acquire(
    environmentRoot: string,
    command: string,
    { everyHostIsThis = false }: LockOptions = {},
  ): Promise<RolloutLock> {
    const file = lockFile(environmentRoot);
    const content = JSON.stringify(await ownContent(command));
    const isHeld = async (by: Content): Promise<boolean> =>
      (!everyHostIsThis && isElsewhere(by)) || (await isAlive(by));
    const isDead = async (raw: string): Promise<boolean> => {
      // As a power cut leaves it: whoever wrote it is gone.
      if (/^\0*$/.test(raw)) return true;
      const other = parse(raw);
      return other !== undefined && !(await isHeld(other));
    };
    let recovered = false;
    for (let tries = 0; tries < 5; tries += 1) {
      if (await linkIn(environmentRoot, file, content)) return new RolloutLock(file, content, recovered);
      const found = await contentOf(file);
      if (found === undefined) continue;
      const holder = parse(found);
      if (holder !== undefined && (await isHeld(holder))) throw lockedBy(holder);
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
  return { ...holderOf(content), alive: isElsewhere(content) || (await isAlive(content)) };
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

function lockedBy(content: Content): EngineError {
  const { pid, host, startedAt, command } = content;
  const where = isElsewhere(content) ? ` on ${host}` : "";
  return new EngineError("locked", `process ${pid}${where} (${command}) has been at work since ${startedAt}`, {
    holder: { ...holderOf(content), alive: true },
  });
}

function holderOf(content: Content): Omit<LockHolder, "alive"> {
  const { pid, host, startedAt, command } = content;
  return { pid, startedAt, command, ...(host !== undefined && isElsewhere(content) ? { host } : {}) };
}

function isElsewhere({ host }: Content): boolean {
  return host !== undefined && host !== hostname();
}

async function ownContent(command: string): Promise<Content> {
  const self = await identify(process.pid);
  return {
    pid: process.pid,
    startTime: self?.startTime ?? "",
    host: hostname(),
    startedAt: new Date().toISOString(),
    command,
  };
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
export async function withRolloutLock<T>(
  environmentRoot: string,
  command: string,
  work: () => Promise<T>,
  options: LockOptions = {},
): Promise<T> {
  const lock = await RolloutLock.acquire(environmentRoot, command, options);
  try {
    return await work();
  } finally {
    await lock.release();
  }
}
