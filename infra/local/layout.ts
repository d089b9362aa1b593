import { join } from "node:path";
import type { PathPlan } from "../environment/environment.ts";

/**
 * Where each component keeps its things inside an environment's folders. Everything that two components must both
 * know (sockets, configuration files) is a pure function of the plan, so that no resource has to ask another.
 */
export interface ComponentPlaces {
  readonly supervisorRecord: string;
  readonly supervisorLog: string;
  readonly portClaims: string;
  readonly postgres: { readonly data: string; readonly config: string; readonly sockets: string };
  /** Which database server is the primary; there from the second server on. */
  readonly serverRoles: string;
  readonly pgbouncer: { readonly config: string; readonly sockets: string };
  readonly redis: { readonly data: string; readonly config: string };
  readonly queueRedis: { readonly data: string; readonly config: string };
  readonly router: { readonly config: string; readonly run: string; readonly socket: string };
  readonly mailSink: { readonly data: string };
  readonly cdn: { readonly config: string; readonly run: string; readonly cache: string };
  readonly faultSink: { readonly data: string };
  readonly monitoring: { readonly config: string; readonly prometheusData: string; readonly alertmanagerData: string };
}

export function componentPlaces(paths: PathPlan): ComponentPlaces {
  return {
    supervisorRecord: join(paths.run, "supervisor.pid"),
    supervisorLog: join(paths.logs, "supervisor.log"),
    portClaims: join(paths.run, "ports"),
    postgres: {
      data: join(paths.data, "postgres"),
      config: join(paths.config, "postgres"),
      sockets: join(paths.run, "postgres"),
    },
    serverRoles: join(paths.data, "database-servers.json"),
    pgbouncer: { config: join(paths.config, "pgbouncer"), sockets: join(paths.run, "pgbouncer") },
    redis: { data: join(paths.data, "redis"), config: join(paths.config, "redis") },
    queueRedis: { data: join(paths.data, "queue-redis"), config: join(paths.config, "queue-redis") },
    router: {
      config: join(paths.config, "router"),
      run: join(paths.run, "router"),
      socket: join(paths.run, "router", "haproxy.sock"),
    },
    mailSink: { data: join(paths.data, "mail-sink") },
    cdn: { config: join(paths.config, "cdn"), run: join(paths.run, "cdn"), cache: join(paths.data, "cdn") },
    faultSink: { data: join(paths.data, "fault-sink") },
    monitoring: {
      config: join(paths.config, "monitoring"),
      prometheusData: join(paths.data, "prometheus"),
      alertmanagerData: join(paths.data, "alertmanager"),
    },
  };
}

/** Names of the supervised processes that there is one of; instances are called `web-<slot>-<hash>`. */
export const processNames = {
  postgres: "postgres",
  pgbouncer: "pgbouncer",
  redis: "redis",
  queueRedis: "queue-redis",
  router: "router",
  cdn: "cdn",
  cdnControl: "cdn-control",
  faultSink: "fault-sink",
  mailSink: "mail-sink",
  mailWorker: "mail-worker",
  backupSchedule: "backup-schedule",
  replicationGuard: "replication-guard",
  archivingSchedule: "archiving-schedule",
  partitionSchedule: "partition-schedule",
  prometheus: "prometheus",
  alertmanager: "alertmanager",
} as const;
