import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Where the controllers are mounted; v1 mounts each for itself, v2 all at one place. */
export type CgroupLayout =
  | { readonly version: 1; readonly cpu: string; readonly cpuacct: string; readonly memory: string }
  | { readonly version: 2; readonly root: string };

let known: { readonly layout: CgroupLayout | undefined } | undefined;

/** The layout in which this process can set CPU and memory limits, or undefined: then limits are not enforced on this host. */
export function cgroupLayout(): CgroupLayout | undefined {
  known ??= { layout: probe() };
  return known.layout;
}

function probe(): CgroupLayout | undefined {
  if (!existsSync("/proc/self/mountinfo")) return undefined;
  const mounts = readFileSync("/proc/self/mountinfo", "utf8").split("\n").map(parseMount);
  return probeVersion1(mounts) ?? probeVersion2(mounts);
}

interface Mount {
  readonly point: string;
  readonly type: string;
  readonly options: readonly string[];
}

function parseMount(line: string): Mount {
  const [before = "", after = ""] = line.split(" - ");
  const [type = "", , options = ""] = after.split(" ");
  return { point: before.split(" ")[4] ?? "", type, options: options.split(",") };
}

function probeVersion1(mounts: readonly Mount[]): CgroupLayout | undefined {
  const mountOf = (controller: string): string | undefined =>
    mounts.find((mount) => mount.type === "cgroup" && mount.options.includes(controller))?.point;
  const cpu = mountOf("cpu");
  const memory = mountOf("memory");
  if (cpu === undefined || memory === undefined) return undefined;
  const cpuacct = mountOf("cpuacct") ?? cpu;
  try {
    for (const mount of [cpu, memory, cpuacct]) mkdirSync(join(mount, "shopctl"), { recursive: true });
    return { version: 1, cpu, memory, cpuacct };
  } catch {
    return undefined;
  }
}

function probeVersion2(mounts: readonly Mount[]): CgroupLayout | undefined {
  const root = mounts.find((mount) => mount.type === "cgroup2")?.point;
  if (root === undefined) return undefined;
  try {
    const available = readFileSync(join(root, "cgroup.controllers"), "utf8").split(/\s+/);
    if (!available.includes("cpu") || !available.includes("memory")) return undefined;
    // Controllers must be handed down level by level before a group's limits exist.
    writeFileSync(join(root, "cgroup.subtree_control"), "+cpu +memory");
    mkdirSync(join(root, "shopctl"), { recursive: true });
    writeFileSync(join(root, "shopctl", "cgroup.subtree_control"), "+cpu +memory");
    return { version: 2, root };
  } catch {
    return undefined;
  }
}
