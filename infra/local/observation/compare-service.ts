import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { PathPlan } from "../../environment/environment.ts";
import { groupFoldersOf, groupProcesses, processGroup, readLimits, type ResourceLimits } from "../host/cgroup.ts";
import { listenerOf } from "../host/listening-process.ts";
import { familyOf, isStopped } from "../host/process-identity.ts";
import { serviceState } from "../supervision/service-control.ts";
import { digestOf, type ServiceDefinition } from "../supervision/service-definition.ts";
import { readServiceRecord } from "../supervision/service-folder.ts";
import { runScript } from "../supervision/service-scripts.ts";
import { variableText } from "../supervision/write-variables.ts";
import type { Difference } from "./difference.ts";

/** A supervised process against its definition: it runs, with its script, variables and limits, and has its ports. */
export async function compareService(
  paths: PathPlan,
  definition: ServiceDefinition,
  ports: readonly number[],
): Promise<readonly Difference[]> {
  const { state, pid } = serviceState(join(paths.services, definition.name));
  const definitions = await compareDefinition(paths, definition);
  if (pid === undefined) {
    const family: readonly number[] = [];
    return [serious("process", "up", state), ...definitions, ...ports.flatMap((port) => takenPort(port, family))];
  }
  const family = familyOf(pid);
  const stopped = family.some(isStopped) ? [serious("process", "running", "stopped by a signal")] : [];
  return [
    ...stopped,
    ...definitions,
    ...compareLimits(paths, definition, pid),
    ...ports.flatMap((port) => comparePort(port, family)),
  ];
}

async function compareDefinition(paths: PathPlan, definition: ServiceDefinition): Promise<readonly Difference[]> {
  const folder = join(paths.services, definition.name);
  // Another shopctl may have had another definition for the same inputs: its scripts are not ours to judge.
  if (readServiceRecord(folder)?.digest !== digestOf(definition)) {
    const found = "by another version of shopctl, or changed";
    return [{ what: "definition", expected: "made by this shopctl", found, harm: "harmless" }];
  }
  const groups = definition.limits === undefined ? [] : groupFoldersOf(processGroup(paths.root, definition.name));
  const scripts = [runScript(definition, groups), runScript(definition, [])];
  const script = await readFile(join(folder, "run"), "utf8").catch(() => "");
  const edited = scripts.includes(script) ? [] : [serious("run script", "as it was written", "changed")];
  const variables = await Promise.all(
    Object.entries(definition.variables ?? {}).map(async ([name, value]) => {
      const found = await readFile(join(folder, "env", name), "utf8").catch(() => undefined);
      return found === variableText(value) ? [] : [serious(`variable ${name}`, "as set", "changed")];
    }),
  );
  return [...edited, ...variables.flat()];
}

function compareLimits(paths: PathPlan, { name, limits }: ServiceDefinition, pid: number): readonly Difference[] {
  const group = processGroup(paths.root, name);
  // Where no group can be written, limits are never enforced, and `env show` says so.
  if (limits === undefined || groupFoldersOf(group).length === 0) return [];
  if (!groupProcesses(group).includes(pid)) return [{ ...limit(limits, "not limited"), harm: "harmless" }];
  const found = readLimits(group);
  if (found === undefined) return [{ ...limit(limits, "not limited"), harm: "harmless" }];
  const [cpu, memoryMiB] = [unlimitedIfNone(found.cpu), unlimitedIfNone(found.memoryMiB)];
  if (cpu === limits.cpu && memoryMiB === limits.memoryMiB) return [];
  const less = cpu < limits.cpu || memoryMiB < limits.memoryMiB;
  // With more than its plan has the shop runs as well; it is only not what is paid for.
  return [{ ...limit(limits, wordsOf({ cpu, memoryMiB })), harm: less ? "serious" : "harmless" }];
}

function limit(limits: ResourceLimits, found: string): Omit<Difference, "harm"> {
  return { what: "limits", expected: wordsOf(limits), found };
}

function wordsOf({ cpu, memoryMiB }: ResourceLimits): string {
  // Version 1 says "no limit" by a number beyond any machine.
  const memory = memoryMiB > 2 ** 32 ? "any memory" : `${memoryMiB} MiB`;
  return `${Number.isFinite(cpu) ? `${cpu} CPU` : "any CPU"}, ${memory}`;
}

function unlimitedIfNone(value: number): number {
  return value > 0 ? value : Number.POSITIVE_INFINITY;
}

function comparePort(port: number, family: readonly number[]): readonly Difference[] {
  return listenerOf(port, family) === undefined
    ? [serious(`port ${port}`, "its process listens", "nobody listens")]
    : takenPort(port, family);
}

function takenPort(port: number, family: readonly number[]): readonly Difference[] {
  const listener = listenerOf(port, family);
  if (listener === undefined || (listener.pid !== undefined && family.includes(listener.pid))) return [];
  const who = listener.pid === undefined ? listener.program : `process ${listener.pid} (${listener.program})`;
  return [serious(`port ${port}`, "its own process listens", `taken by ${who}`)];
}

function serious(what: string, expected: string, found: string): Difference {
  return { what, expected, found, harm: "serious" };
}
