import { dirname } from "node:path";
import type { LocalEnvironment } from "../../environment/environment.ts";
import { removeEnvironment } from "../../environment/store.ts";
import { groupProcesses, environmentGroup, listGroups, removeGroup } from "../host/cgroup.ts";
import { supervisor } from "../provider/resources/supervisor.ts";
import { endProcessesInside } from "./orphans.ts";

/**
 * Stops whatever of an environment still runs and removes all of its files, data and backups included: the end of
 * `env destroy`, after the stack's own destroy, and the way out when that cannot be done any more.
 */
export async function removeEnvironmentFiles(environment: LocalEnvironment): Promise<void> {
  await supervisor.remove({ paths: environment.paths, startedPid: 0 }, () => undefined);
  await endProcessesInside(environment.paths.root);
  for (const group of listGroups(environment.paths.root)) {
    if (groupProcesses(group).length === 0) removeGroup(group);
  }
  const group = environmentGroup(environment.paths.root);
  // The folder above goes with its last environment.
  for (const name of [group, dirname(group)]) removeGroup(name);
  await removeEnvironment(environment);
}
