import type { PathPlan } from "../../environment/environment.ts";
import { currentUser, osUser } from "../host/os-users.ts";
import type { ResourceLimits } from "../host/cgroup.ts";
import { componentPlaces } from "../layout.ts";
import type { PoolerTarget } from "../pgbouncer/pooler-console.ts";
import type { AdminTarget } from "./admin-connection.ts";
import type { DatabaseConfig } from "./database-config.ts";
import { hasStatementStatistics } from "./statement-statistics.ts";

/** The inputs of a database server that its process depends on. */
export interface ServerPlan {
  readonly paths: PathPlan;
  readonly port: number;
  readonly poolerPort: number;
  readonly maxConnections: number;
  readonly cpu: number;
  readonly memoryMiB: number;
  readonly sharedBuffersMiB: number;
}

/** Everything that starting, changing and reaching the server takes. */
export interface ServerSettings {
  readonly paths: PathPlan;
  readonly data: string;
  readonly config: DatabaseConfig;
  readonly limits: ResourceLimits;
  readonly admin: AdminTarget;
  /** Where the pooler would be, whether or not there is one. */
  readonly pooler: PoolerTarget;
}

export function settingsOf(plan: ServerPlan): ServerSettings {
  const places = componentPlaces(plan.paths);
  const { data, config, sockets } = places.postgres;
  return {
    paths: plan.paths,
    data,
    config: {
      port: plan.port,
      sockets,
      config,
      maxConnections: plan.maxConnections,
      memoryMiB: plan.memoryMiB,
      sharedBuffersMiB: plan.sharedBuffersMiB,
      statementStatistics: hasStatementStatistics(),
      administrators: [osUser("postgres").name, currentUser().name],
    },
    limits: { cpu: plan.cpu, memoryMiB: plan.memoryMiB },
    admin: { sockets, port: plan.port },
    pooler: { sockets: places.pgbouncer.sockets, port: plan.poolerPort },
  };
}
