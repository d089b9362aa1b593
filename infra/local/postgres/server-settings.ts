import type { PathPlan } from "../../environment/environment.ts";
import { currentUser, osUser } from "../host/os-users.ts";
import type { ResourceLimits } from "../host/cgroup.ts";
import { componentPlaces } from "../layout.ts";
import type { PoolerTarget } from "../pgbouncer/pooler-console.ts";
import { databaseServer } from "../replication/database-server.ts";
import { readRoles } from "../replication/server-roles.ts";
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
  /** 0 for the first server, which is the primary unless another one became it. */
  readonly number: number;
  /** Of its process. */
  readonly name: string;
  readonly data: string;
  readonly config: DatabaseConfig;
  readonly limits: ResourceLimits;
  readonly admin: AdminTarget;
  /** Where the pooler would be, whether or not there is one. */
  readonly pooler: PoolerTarget;
}

export function settingsOf(plan: ServerPlan, number = 0): ServerSettings {
  const roles = readRoles(plan.paths);
  const { name, data, config, admin } = databaseServer(plan.paths, { number, port: plan.port }, roles?.term ?? 0);
  return {
    paths: plan.paths,
    number,
    name,
    data,
    config: {
      port: plan.port,
      // Where it has another socket, a setting of its replication says so.
      sockets: databaseServer(plan.paths, { number, port: plan.port }, 0).admin.sockets,
      config,
      maxConnections: plan.maxConnections,
      memoryMiB: plan.memoryMiB,
      sharedBuffersMiB: plan.sharedBuffersMiB,
      statementStatistics: hasStatementStatistics(),
      replicated: roles !== undefined,
      administrators: [osUser("postgres").name, currentUser().name],
    },
    limits: { cpu: plan.cpu, memoryMiB: plan.memoryMiB },
    admin,
    pooler: { sockets: componentPlaces(plan.paths).pgbouncer.sockets, port: plan.poolerPort },
  };
}
