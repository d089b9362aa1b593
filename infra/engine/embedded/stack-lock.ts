import { link, mkdir, readFile, readdir, rename, rm, stat } from "node:fs/promises";
import { randomUUID } from "node:crypto";
import { hostname, userInfo } from "node:os";
import { join } from "node:path";
import { EngineError, type LockHolder, type StackReference } from "../engine.ts";
import { endProcess, identify, type ProcessIdentity } from "./processes.ts";
import { statePaths } from "./state-paths.ts";
import { linkFile } from "../link-file.ts";
import { writeDurably } from "../write-durably.ts";

/** Content of a lock file: Pulumi's four fields, and ours. */
interface LockContent {
  readonly pid: number;
  readonly username: string;
  readonly hostname: string;
  readonly timestamp: string;
  /** Absent in a lock of the Pulumi CLI. */
  readonly startTime?: string;
  readonly command?: string;
  /** Plugin and program processes of the holder. */
  readonly children?: readonly ProcessIdentity[];
}

/** One name for every embedded engine: creating it is the moment of locking. Pulumi writes a file of its own beside it. */
const ownName = "embedded.json";

/**
 * A held lock of one stack. A lock whose holder is dead is taken over: what it left running is ended first.
 */
export class StackLock {
  readonly #file: string;
  #content: LockContent;
  #writing: Promise<void> = Promise.resolve();

  private constructor(file: string, content: LockContent) {
    this.#file = file;
    this.#content = content;
  }

  /** EngineError `locked` with the holder when another process holds it; `onRecovered` hears of dead holders. */
  static async acquire(
    stack: StackReference,
    command: string,
    onRecovered: (message: string) => void = () => {},
  ): Promise<StackLock> {
    const folder = statePaths(stack).locks;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const self = await identify(process.pid);
    const content: LockContent = {
      pid: process.pid,
      username: userInfo().username,
      hostname: hostname(),
      timestamp: new Date().toISOString(),
      ...(self === undefined ? {} : { startTime: self.startTime }),
      command,
      children: [],
    };
    const file = join(folder, ownName);
    for (let tries = 0; ; tries += 1) {
      await clearDeadLocks(folder, onRecovered);
      if (await create(file, content)) break;
      if (tries === 3) throw new EngineError("locked", `the lock of stack ${stack.stack} keeps changing hands`);
    }
    // A CLI may have locked in between; like the CLI, who sees another's lock after writing its own steps back.
    try {
      await clearDeadLocks(folder, onRecovered, ownName);
    } catch (error) {
      await rm(file, { force: true });
      throw error;
    }
    return new StackLock(file, content);
  }

  /** Records a child process, so that it can be ended should this process be killed. */
  async addChild(child: ProcessIdentity): Promise<void> {
    this.#content = { ...this.#content, children: [...(this.#content.children ?? []), child] };
    this.#writing = this.#writing.then(() => writeDurably(this.#file, JSON.stringify(this.#content)));
    await this.#writing;
  }

  async release(): Promise<void> {
    await this.#writing.catch(() => undefined);
    await rm(this.#file, { force: true });
  }
}

/** Removes locks of dead holders and ends their children; EngineError `locked` when a holder lives. */
export async function clearDeadLocks(
  folder: string,
  onRecovered: (message: string) => void,
  except?: string,
): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((each) => each.endsWith(".json") && each !== except)) {
    const file = join(folder, name);
    const content = await readLock(file);
    if (content === undefined) continue;
    const holder = await holderOf(content);
    if (holder.alive) {
      throw new EngineError(
        "locked",
        `the stack is in use by process ${holder.pid} (${holder.command}) since ${holder.startedAt}`,
        {
          holder,
        },
      );
    }
    // Aside first: should another process have recovered and taken the lock in between, its file goes back.
    const aside = `${file}.${randomUUID()}.dead`;
    await rename(file, aside).catch(() => undefined);
    const moved = await readLock(aside);
    if (moved !== undefined && JSON.stringify(moved) !== JSON.stringify(content)) {
      await link(aside, file).catch(() => undefined);
    } else if (moved !== undefined) {
      for (const child of content.children ?? []) await endProcess(child);
      onRecovered(`took over the lock of process ${holder.pid} (${holder.command}), which has ended`);
    }
    await rm(aside, { force: true });
  }
}

async function create(file: string, content: LockContent): Promise<boolean> {
  return await linkFile(file, JSON.stringify(content));
}

async function readLock(file: string): Promise<LockContent | undefined> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as LockContent;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    // Not JSON: the machine went down while Pulumi wrote it; nobody can hold it.
    return { pid: 0, username: "", hostname: hostname(), timestamp: (await stat(file)).mtime.toISOString() };
  }
}

/** A lock of another machine (a shared folder) counts as held: nothing here can tell. */
async function holderOf(content: LockContent): Promise<LockHolder> {
  const command = content.command ?? "pulumi";
  const base = { pid: content.pid, startedAt: content.timestamp, command };
  if (content.hostname !== hostname()) return { ...base, command: `${command} on ${content.hostname}`, alive: true };
  const running = content.pid === 0 ? undefined : await identify(content.pid);
  const alive = running !== undefined && (content.startTime === undefined || content.startTime === running.startTime);
  return { ...base, alive };
}
