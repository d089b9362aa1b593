import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { cgroupLayout } from "./cgroup-layout.ts";
import type { CgroupLayout } from "./cgroup-layout.ts";
import { HostError } from "./host-error.ts";

/** What a process may use: cores and MiB. */
export interface ResourceLimits {
  readonly cpu: number;
  readonly memoryMiB: number;
}

/** What a group has used since it was made. */
export interface ResourceUsage {
  readonly cpuSecondsTotal: number;
  readonly memoryMiB: number;
  readonly throttledSecondsTotal: number;
}

const periodMicroseconds = 100_000;
const bytesPerMiB = 1_048_576;

/**
 * Name of an environment's group, e.g. `shopctl/demo-1f3a`: with four digits of its folder's hash, because
 * environments of different state homes may have the same name.
 */
export function environmentGroup(root: string): string {
  return join("shopctl", `${basename(root)}-${createHash("sha256").update(root).digest("hex").slice(0, 4)}`);
}

/** Name of a supervised process' group, below the mount of each controller. */
export function processGroup(root: string, process: string): string {
  return join(environmentGroup(root), process);
}

/**
 * Makes the group or changes its limits in place. Gives the folders to join by writing a pid into their
 * `cgroup.procs`; none when this host lets us write no cgroup, so that the limits are not enforced. Throws HostError
 * `refused` where it does, and does not take these, e.g. less memory than the group uses.
 */
export function applyLimits(name: string, limits: ResourceLimits): readonly string[] {
  const layout = cgroupLayout();
  if (layout === undefined) return [];
  const folders = groupFolders(layout, name);
  try {
    for (const folder of folders) mkdirSync(folder, { recursive: true });
    // Version 2 hands controllers down level by level; probing did the levels above.
    if (layout.version === 2) writeFileSync(join(layout.root, dirname(name), "cgroup.subtree_control"), "+cpu +memory");
    writeLimits(layout, name, limits);
    return folders;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const what = `${limits.cpu} CPU and ${limits.memoryMiB} MiB`;
    throw new HostError("refused", `the kernel does not take the limits of ${name}, ${what}: ${why}`, { cause: error });
  }
}

/** The limits that the kernel enforces, or undefined. */
export function readLimits(name: string): ResourceLimits | undefined {
  const layout = cgroupLayout();
  if (layout === undefined || !groupFolders(layout, name).every((folder) => existsSync(folder))) return undefined;
  if (layout.version === 2) {
    const [quota, period] = read(layout.root, name, "cpu.max").split(" ").map(Number);
    return {
      cpu: Number(quota) / Number(period),
      memoryMiB: Number(read(layout.root, name, "memory.max")) / bytesPerMiB,
    };
  }
  return {
    cpu: Number(read(layout.cpu, name, "cpu.cfs_quota_us")) / Number(read(layout.cpu, name, "cpu.cfs_period_us")),
    memoryMiB: Number(read(layout.memory, name, "memory.limit_in_bytes")) / bytesPerMiB,
  };
}

/** Usage of a group, or undefined where there is none. */
export function readUsage(name: string): ResourceUsage | undefined {
  const layout = cgroupLayout();
  if (layout === undefined || !groupFolders(layout, name).every((folder) => existsSync(folder))) return undefined;
  if (layout.version === 2) {
    const stat = read(layout.root, name, "cpu.stat");
    const memory = Number(read(layout.root, name, "memory.current"));
    return {
      cpuSecondsTotal: field(stat, "usage_usec") / 1e6,
      memoryMiB: memory / bytesPerMiB,
      throttledSecondsTotal: field(stat, "throttled_usec") / 1e6,
    };
  }
  return {
    cpuSecondsTotal: Number(read(layout.cpuacct, name, "cpuacct.usage")) / 1e9,
    memoryMiB: workingSetBytes(layout.memory, name) / bytesPerMiB,
    throttledSecondsTotal: field(read(layout.cpu, name, "cpu.stat"), "throttled_time") / 1e9,
  };
}

/** Folders that a process of the group has joined; none where this host lets us write no cgroup. */
export function groupFoldersOf(name: string): readonly string[] {
  const layout = cgroupLayout();
  return layout === undefined ? [] : groupFolders(layout, name);
}

/** Pids in a group. */
export function groupProcesses(name: string): readonly number[] {
  const layout = cgroupLayout();
  if (layout === undefined) return [];
  const [first] = groupFolders(layout, name);
  if (first === undefined || !existsSync(first)) return [];
  return readFileSync(join(first, "cgroup.procs"), "utf8").split("\n").filter(Boolean).map(Number);
}

/** Names of the groups of the processes of the environment in `root`. */
export function listGroups(root: string): readonly string[] {
  const layout = cgroupLayout();
  if (layout === undefined) return [];
  const names = groupFolders(layout, environmentGroup(root)).flatMap((folder) =>
    existsSync(folder)
      ? readdirSync(folder, { withFileTypes: true })
          .filter((entry) => entry.isDirectory())
          .map((entry) => entry.name)
      : [],
  );
  return [...new Set(names)].map((process) => processGroup(root, process));
}

/** Removes an empty group; false while processes are in it. */
export function removeGroup(name: string): boolean {
  const layout = cgroupLayout();
  if (layout === undefined) return true;
  return groupFolders(layout, name).map(removeFolder).every(Boolean);
}

function removeFolder(folder: string): boolean {
  try {
    if (existsSync(folder)) rmdirSync(folder);
    return true;
  } catch {
    return false;
  }
}

function groupFolders(layout: CgroupLayout, name: string): string[] {
  const roots = layout.version === 2 ? [layout.root] : [layout.cpu, layout.memory, layout.cpuacct];
  return [...new Set(roots)].map((root) => join(root, name));
}

function writeLimits(layout: CgroupLayout, name: string, limits: ResourceLimits): void {
  const quota = Math.round(limits.cpu * periodMicroseconds);
  const memory = String(limits.memoryMiB * bytesPerMiB);
  if (layout.version === 2) {
    writeFileSync(join(layout.root, name, "cpu.max"), `${quota} ${periodMicroseconds}`);
    writeFileSync(join(layout.root, name, "memory.max"), memory);
    return;
  }
  writeFileSync(join(layout.cpu, name, "cpu.cfs_period_us"), String(periodMicroseconds));
  writeFileSync(join(layout.cpu, name, "cpu.cfs_quota_us"), String(quota));
  writeFileSync(join(layout.memory, name, "memory.limit_in_bytes"), memory);
}

/** Memory that cannot be dropped at once, as Kubernetes counts it: usage less the inactive page cache. */
function workingSetBytes(mount: string, name: string): number {
  const usage = Number(read(mount, name, "memory.usage_in_bytes"));
  return Math.max(0, usage - field(read(mount, name, "memory.stat"), "total_inactive_file"));
}

function read(mount: string, name: string, file: string): string {
  return readFileSync(join(mount, name, file), "utf8").trim();
}

function field(stat: string, key: string): number {
  const line = stat.split("\n").find((entry) => entry.startsWith(`${key} `));
  return Number(line?.split(" ")[1] ?? 0);
}
