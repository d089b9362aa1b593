import type { LocalEnvironment, PathPlan } from "../../environment/environment.ts";
import { applyLimits, processGroup } from "../host/cgroup.ts";
import { HostError } from "../host/host-error.ts";
import { serviceRecords } from "../observation/observe-processes.ts";
import type { ServiceRecord } from "../supervision/service-definition.ts";
import { startSupervisor, supervisorPid } from "../supervision/supervisor.ts";

/**
 * Starts an environment again whose supervisor is gone, after a reboot or a kill: every process comes back as it was
 * defined. False when it ran already.
 */
export async function startEnvironment({ paths }: LocalEnvironment): Promise<boolean> {
  if (supervisorPid(paths) !== undefined) return false;
  for (const record of serviceRecords(paths)) restoreLimits(paths, record);
  await startSupervisor(paths);
  return true;
}

/** A reboot forgets cgroups, and run scripts only join them. A shop that runs without its limits is better than none: drift says so. */
function restoreLimits({ root }: PathPlan, { name, limits }: ServiceRecord): void {
  if (limits === undefined) return;
  try {
    applyLimits(processGroup(root, name), limits);
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
  }
}
