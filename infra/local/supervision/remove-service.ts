import { existsSync, readFileSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { PathPlan } from "../../environment/environment.ts";
import { groupProcesses, processGroup, removeGroup } from "../host/cgroup.ts";
import { poll } from "../host/poll.ts";
import { belongsTo, identify } from "../host/process-identity.ts";
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
  const pid = serviceState(folder).pid ?? orphanPid(paths, folder);
  if (await control(folder, "d")) {
    const ended = await poll(() => (serviceState(folder).state === "up" ? undefined : true), {
      timeoutMs: stopTimeoutMs,
      intervalMs: 15,
    });
    if (ended === undefined) await control(folder, "k");
  } else if (pid !== undefined) {
    // Its runsv is dead: nobody restarts it, and nobody but us can stop it.
    signal(pid, "SIGTERM");
  }
  await waitUntilGone(
    [...groupProcesses(processGroup(paths.root, name)), ...(pid === undefined ? [] : [pid])],
    stopTimeoutMs,
  );
}

async function waitUntilGone(pids: readonly number[], timeoutMs: number): Promise<void> {
  const alive = (): readonly number[] => pids.filter((pid) => identify(pid) !== undefined);
  const gone = await poll(() => (alive().length === 0 ? true : undefined), { timeoutMs, intervalMs: 15 });
  if (gone === undefined) for (const pid of alive()) signal(pid, "SIGKILL");
}

function orphanPid(paths: PathPlan, folder: string): number | undefined {
  try {
    const pid = Number(readFileSync(join(folder, "supervise", "pid"), "utf8"));
    return Number.isInteger(pid) && pid > 1 && belongsTo(pid, paths.root) ? pid : undefined;
  } catch {
    return undefined;
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended by itself.
  }
}
