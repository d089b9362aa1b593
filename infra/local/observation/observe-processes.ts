import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { PathPlan } from "../../environment/environment.ts";
import type { ProcessObservation } from "../../observation.ts";
import { groupProcesses, processGroup, readLimits, readUsage } from "../host/cgroup.ts";
import { processUsage, upSeconds } from "../host/process-identity.ts";
import { serviceState } from "../supervision/service-control.ts";
import type { ServiceRecord } from "../supervision/service-definition.ts";
import { readServiceRecord } from "../supervision/service-folder.ts";

/** Records of all supervised processes of an environment, by name. */
export function serviceRecords(paths: PathPlan): readonly ServiceRecord[] {
  return listServices(paths)
    .map((name) => readServiceRecord(join(paths.services, name)))
    .filter((record) => record !== undefined);
}

/** Every supervised process as it is on the host. */
export function observeProcesses(paths: PathPlan): readonly ProcessObservation[] {
  return serviceRecords(paths).map((record) => observeProcess(paths, record));
}

function observeProcess(paths: PathPlan, record: ServiceRecord): ProcessObservation {
  const { state, pid } = serviceState(join(paths.services, record.name));
  const base = { name: record.name, component: record.component, state };
  if (pid === undefined) return base;
  const group = processGroup(paths.root, record.name);
  // Limits count only when the process is in its group.
  const limited = groupProcesses(group).includes(pid);
  const limits = limited ? readLimits(group) : undefined;
  const usage = limited ? readUsage(group) : usageOf(pid);
  const up = upSeconds(pid);
  return {
    ...base,
    pid,
    ...(up !== undefined && { upSeconds: up }),
    ...(limits && { limits }),
    ...(usage && { usage }),
  };
}

/** Without a group the process and its children are counted, and nothing throttles them. */
function usageOf(pid: number): ProcessObservation["usage"] {
  const usage = processUsage(pid);
  return (
    usage && { cpuSecondsTotal: usage.cpuSeconds, memoryMiB: usage.residentBytes / 1_048_576, throttledSecondsTotal: 0 }
  );
}

function listServices(paths: PathPlan): string[] {
  try {
    return readdirSync(paths.services)
      .filter((name) => !name.startsWith("."))
      .toSorted();
  } catch {
    return [];
  }
}
