import { mkdir, readdir, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { accountName } from "../account-name.ts";
import { EngineError, type LockHolder, type StackReference } from "../engine.ts";
import { endProcess, identify, type ProcessIdentity } from "./processes.ts";
import { statePaths } from "./state-paths.ts";
import { linkFile } from "../link-file.ts";
import { contentOf, removeDead } from "../remove-dead.ts";
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
    const content = await ownContent(command);
    const file = join(folder, ownName);
    for (let tries = 0; ; tries += 1) {
      await clearDeadLocks(folder, onRecovered);
      if (await linkFile(file, JSON.stringify(content))) break;
      if (tries === 3) throw new EngineError("locked", `the lock of stack ${stack.stack} keeps changing hands`);
    }
    // A CLI may have locked in between; like the CLI, who sees another's lock after writing its own steps back.
    try {
      await clearDeadLocks(folder, onRecovered, { except: ownName });
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

/**
 * Removes locks of dead holders and ends their children; EngineError `locked` when a holder lives. `everyHostIsThis`: locks
 * of embedded engines are taken for this machine's, whatever its name was.
 */
export async function clearDeadLocks(
  folder: string,
  onRecovered: (message: string) => void,
  { except, everyHostIsThis = false }: { readonly except?: string; readonly everyHostIsThis?: boolean } = {},
): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((each) => each.endsWith(".json") && each !== except)) {
    const file = join(folder, name);
    const found = await contentOf(file);
    if (found === undefined) continue;
    const isHere = everyHostIsThis && name === ownName;
    const content = parse(found);
    const holder = await holderOf(content, isHere);
    const isDead = async (other: string): Promise<boolean> => !(await holderOf(parse(other), isHere)).alive;
    if (holder.alive) {
      const { pid, command, startedAt } = holder;
      throw new EngineError("locked", `the stack is in use by process ${pid} (${command}) since ${startedAt}`, {
        holder,
      });
    }
    for (const child of content.children ?? []) await endProcess(child);
    if (await removeDead({ file, content: found, isDead }, JSON.stringify(await ownContent("recovery"))))
      onRecovered(`took over the lock of process ${holder.pid} (${holder.command}), which has ended`);
  }
}

async function ownContent(command: string): Promise<LockContent> {
  const self = await identify(process.pid);
  return {
    pid: process.pid,
    username: accountName(),
    hostname: hostname(),
    timestamp: new Date().toISOString(),
    ...(self === undefined ? {} : { startTime: self.startTime }),
    command,
    children: [],
  };
}

/** What is not JSON was torn when the machine went down while Pulumi wrote it: nobody can hold it. */
function parse(found: string): LockContent {
  try {
    return JSON.parse(found) as LockContent;
  } catch {
    return { pid: 0, username: "", hostname: hostname(), timestamp: "an unknown time" };
  }
}

/** A lock of another machine (a shared folder) counts as held: nothing here can tell. */
async function holderOf(content: LockContent, isHere: boolean): Promise<LockHolder> {
  const command = content.command ?? "pulumi";
  const base = { pid: content.pid, startedAt: content.timestamp, command };
  if (!isHere && content.hostname !== hostname())
    return { ...base, command: `${command} on ${content.hostname}`, alive: true };
  const running = content.pid === 0 ? undefined : await identify(content.pid);
  const alive = running !== undefined && (content.startTime === undefined || content.startTime === running.startTime);
  return { ...base, alive };
}
