import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** A process that cannot be confused with a later one of the same pid. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Start in clock ticks since boot (field 22 of /proc/<pid>/stat). */
  readonly startTicks: number;
}

/** Clock ticks a second; fixed at 100 by Linux' user interface. */
const ticksPerSecond = 100;
const pageBytes = 4_096;

/** Undefined when there is no such process or it is a zombie. */
export function identify(pid: number): ProcessIdentity | undefined {
  const fields = statFields(pid);
  const startTicks = Number(fields?.[19]);
  return fields === undefined || fields[0] === "Z" || !Number.isFinite(startTicks) ? undefined : { pid, startTicks };
}

export function isSameProcess(expected: ProcessIdentity): boolean {
  return identify(expected.pid)?.startTicks === expected.startTicks;
}

/** Sends a signal unless the process has ended: its pid may be another's by now. */
export function signalProcess(receiver: ProcessIdentity, signal: NodeJS.Signals): void {
  if (!isSameProcess(receiver)) return;
  try {
    process.kill(receiver.pid, signal);
  } catch {
    // It ended just now, or is not ours to signal.
  }
}

/** Program and arguments of a process; empty when it is gone. */
export function commandOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").slice(0, -1);
  } catch {
    return [];
  }
}

/** Parent of a process; undefined when it is gone. */
export function parentOf(pid: number): number | undefined {
  const fields = statFields(pid);
  return fields === undefined ? undefined : Number(fields[1]);
}

/** Seconds since the process started. */
export function upSeconds(pid: number): number | undefined {
  const identity = identify(pid);
  if (identity === undefined) return undefined;
  const uptime = Number(readFileSync("/proc/uptime", "utf8").split(" ")[0]);
  return Math.max(0, uptime - identity.startTicks / ticksPerSecond);
}

export interface ProcessUsage {
  readonly cpuSeconds: number;
  readonly residentBytes: number;
}

/** Processor time and resident memory of a process and its living children, e.g. of HAProxy's master and workers. */
export function processUsage(pid: number): ProcessUsage | undefined {
  const fields = statFields(pid);
  if (fields === undefined) return undefined;
  const own = {
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / ticksPerSecond,
    residentBytes: Number(fields[21]) * pageBytes,
  };
  return childrenOf(pid)
    .map(processUsage)
    .filter((usage) => usage !== undefined)
    .reduce(
      (sum, usage) => ({
        cpuSeconds: sum.cpuSeconds + usage.cpuSeconds,
        residentBytes: sum.residentBytes + usage.residentBytes,
      }),
      own,
    );
}

/** A process and everything that descends from it. */
export function familyOf(pid: number): readonly number[] {
  return [pid, ...childrenOf(pid).flatMap(familyOf)];
}

/** Whether a signal (SIGSTOP) or a debugger holds a process. */
export function isStopped(pid: number): boolean {
  return /^[Tt]$/.test(statFields(pid)?.[0] ?? "");
}

function childrenOf(pid: number): readonly number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/** Pids of live processes whose command line or working folder is inside `folder`. */
export function processesInside(folder: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid && identify(pid) !== undefined && belongsTo(pid, folder));
}

/** Programs that an environment starts; only these are ever taken for its processes, never somebody's
 * shell or editor. nginx changes its name in the list of processes. */
const serverName =
  /(^|\/)(postgres|pgbouncer|redis-server|haproxy|prometheus|prometheus-alertmanager|prometheus-postgres-exporter|prometheus-redis-exporter|nginx|runsvdir|runsv|snooze|svlogd|pg_dump|pg_restore|pg_basebackup|node)$|^nginx: /;

/** Whether a process is one of those that an environment's folder started. */
export function belongsTo(pid: number, folder: string): boolean {
  const inside = `${folder}/`;
  try {
    const [command = "", ...args] = commandOf(pid);
    if (command.startsWith(inside)) return true;
    if (!serverName.test(command)) return false;
    if (args.some((argument) => argument.startsWith(inside))) return true;
    return !command.endsWith("node") && `${readlinkSync(`/proc/${pid}/cwd`)}/`.startsWith(inside);
  } catch {
    return false;
  }
}

function statFields(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The command name stands in brackets and may itself contain blanks and brackets.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  } catch {
    return undefined;
  }
}
