import type { LocalEnvironment } from "../../environment/environment.ts";
import { applyLimits, processGroup } from "../host/cgroup.ts";
import { serviceRecords } from "../observation/observe-processes.ts";
import { startSupervisor, supervisorPid } from "../supervision/supervisor.ts";

/**
 * Starts an environment again whose supervisor is gone, after a reboot or a kill: every process comes back as it was
 * defined. False when it ran already.
 */
export async function startEnvironment({ paths }: LocalEnvironment): Promise<boolean> {
  if (supervisorPid(paths) !== undefined) return false;
  // A reboot forgets cgroups, and run scripts only join them.
  for (const { name, limits } of serviceRecords(paths)) {
    if (limits !== undefined) applyLimits(processGroup(paths.root, name), limits);
  }
  await startSupervisor(paths);
  return true;
}
