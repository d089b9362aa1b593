import { join } from "node:path";
import type { PathPlan } from "../../environment/environment.ts";
import { serviceState } from "../supervision/service-control.ts";
import { serviceRecords } from "./observe-processes.ts";

export interface LiveInstance {
  readonly name: string;
  readonly httpPort: number;
  readonly internalPort: number;
}

/** Instances of the service whose process runs. */
export function liveInstances(paths: PathPlan): readonly LiveInstance[] {
  return serviceRecords(paths)
    .filter((record) => record.component === "web" && serviceState(join(paths.services, record.name)).state === "up")
    .map(({ name, facts }) => ({
      name,
      httpPort: Number(facts?.["httpPort"]),
      internalPort: Number(facts?.["internalPort"]),
    }));
}
