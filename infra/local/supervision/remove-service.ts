import { existsSync, readFileSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { PathPlan } from "../../environment/environment.ts";
import { groupProcesses, processGroup, removeGroup } from "../host/cgroup.ts";
import { poll } from "../host/poll.ts";
import { belongsTo, identify, isSameProcess, signalProcess, type ProcessIdentity } from "../host/process-identity.ts";
import { control, isSupervised, serviceState } from "./service-control.ts";
import { readServiceRecord } from "./service-folder.ts";
import { rescan } from "./supervisor.ts";

export interface RemovalOptions {
  /** Time that the process has to end in an orderly way before it is killed, in ms. */
  readonly stopTimeoutMs: number;
  /** Remove only what this creation owns; a later creation of the same name may have taken the folder over. */
  readonly incarnation?: string;
}

/** Stops a supervised process and removes its service folder and cgroup; fine when they are gone. Logs stay. */
export async function removeService(paths: PathPlan, name: string, options: RemovalOptions): Promise<void> {
  const folder = join(paths.services, name);
  const leaving = join(paths.services, `.gone-${name}`);
  const owner = readServiceRecord(folder)?.incarnation;
  if (options.incarnation !== undefined && owner !== undefined && owner !== options.incarnation) return;
  if (existsSync(folder)) {
    await stopService(paths, name, folder, options.stopTimeoutMs);
    await rm(leaving, { recursive: true, force: true });
    await rename(folder, leaving);
    rescan(paths);
  }
  if (existsSync(leaving)) {
    await stopService(paths, name, leaving, options.stopTimeoutMs);
    await control(leaving, "x");
    await poll(async () => ((await isSupervised(leaving)) ? undefined : true), { timeoutMs: 5_000, intervalMs: 15 });
    await rm(leaving, { recursive: true, force: true });
  }
  await rm(join(paths.services, `.new-${name}`), { recursive: true, force: true });
  removeGroup(processGroup(paths.root, name));
}

async function stopService(paths: PathPlan, name: string, folder: string, stopTimeoutMs: number): Promise<void> {
  const { pid } = serviceState(folder);
  const supervised = pid === undefined ? undefined : identify(pid);
  let left: ProcessIdentity | undefined;
  if (await control(folder, "d")) {
    const ended = await poll(() => (serviceState(folder).state === "up" ? undefined : true), {
      timeoutMs: stopTimeoutMs,
      intervalMs: 15,
    });
    if (ended === undefined) await control(folder, "k");
    left = supervised;
  } else {
    // Its runsv is dead: nobody restarts it, and nobody but us can stop it.
    left = orphanOf(paths, folder);
    if (left !== undefined) signalProcess(left, "SIGTERM");
  }
  const grouped = groupProcesses(processGroup(paths.root, name)).flatMap((each) => identify(each) ?? []);
  await waitUntilGone([...grouped, ...(left === undefined ? [] : [left])], stopTimeoutMs);
}

async function waitUntilGone(processes: readonly ProcessIdentity[], timeoutMs: number): Promise<void> {
  const isOver = (): true | undefined => (processes.some(isSameProcess) ? undefined : true);
  const gone = await poll(isOver, { timeoutMs, intervalMs: 15 });
  if (gone === undefined) for (const each of processes) signalProcess(each, "SIGKILL");
}

/** What a dead runsv wrote stays, also over a reboot: the pid may be anybody's by now. */
function orphanOf(paths: PathPlan, folder: string): ProcessIdentity | undefined {
  try {
    const pid = Number(readFileSync(join(folder, "supervise", "pid"), "utf8"));
    const found = Number.isInteger(pid) && pid > 1 ? identify(pid) : undefined;
    return found !== undefined && belongsTo(pid, paths.root) ? found : undefined;
  } catch {
    return undefined;
  }
}
