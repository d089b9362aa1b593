import type { OperationResult } from "../../infra/engine/engine.ts";
import type { ProcessObservation } from "../../infra/observation.ts";

export type Component = ProcessObservation["component"];

/** Resource types that stand for processes. */
const components: Readonly<Record<string, Component | readonly Component[]>> = {
  "shopctl:local:PostgresServer": "postgres",
  "shopctl:local:PostgresReplica": "replica",
  // Another primary restarts the one before.
  "shopctl:local:Replication": ["postgres", "replica"],
  "shopctl:local:ReplicationGuard": "replication-guard",
  "shopctl:local:PgBouncer": "pgbouncer",
  "shopctl:local:Redis": "redis",
  "shopctl:local:QueueRedis": "queue-redis",
  "shopctl:local:MailWorker": "mail-worker",
  "shopctl:local:Router": "router",
  "shopctl:local:Cdn": "cdn",
  "shopctl:local:CdnControl": "cdn-control",
  "shopctl:local:ServiceInstance": "web",
  "shopctl:local:FaultSink": "fault-sink",
  "shopctl:local:MailSink": "mail-sink",
  "shopctl:local:BackupSchedule": "backup-schedule",
  "shopctl:local:TaskSchedule": "task-schedule",
  "shopctl:local:Exporter": "exporter",
  "shopctl:local:Alertmanager": "alertmanager",
  "shopctl:local:Prometheus": "prometheus",
  // On AWS a type stands for several; each but the one that changed lives through it all the same.
  "aws:ecs/service:Service": ["web", "pgbouncer", "mail-worker"],
  "aws:rds/instance:Instance": ["postgres", "replica"],
  "aws:elasticache/replicationGroup:ReplicationGroup": ["redis", "queue-redis"],
  "aws:cloudfront/distribution:Distribution": "cdn",
};

/**
 * Components of which an update may have ended processes; those of all others must live through it. Taken from what the
 * update did and not from its preview: it also ends what a killed run before it had replaced and not yet deleted.
 */
export function touchedComponents(steps: OperationResult["steps"]): ReadonlySet<Component> {
  return new Set(steps.filter(({ operation }) => operation !== "same").flatMap(({ type }) => components[type] ?? []));
}
