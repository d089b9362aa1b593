import { settling, settlingOutputs } from "../../../aws/tasks/settling.ts";
import { taskRun, taskRunOutputs } from "../../../aws/tasks/task-run.ts";
import { validated } from "../resource-handler.ts";
import type { AnyHandler } from "../resource-handler.ts";
import { alertmanager, alertmanagerOutputs } from "./alertmanager.ts";
import { archive, archiveOutputs } from "./archive.ts";
import { backupSchedule, backupScheduleOutputs } from "./backup-schedule.ts";
import { cdn, cdnOutputs } from "./cdn.ts";
import { cdnControl, cdnControlOutputs } from "./cdn-control.ts";
import { cdnPurge, cdnPurgeOutputs } from "./cdn-purge.ts";
import { faultSink, faultSinkOutputs } from "./fault-sink.ts";
import { exporter, exporterOutputs } from "./exporter.ts";
import { indexes, indexesOutputs } from "./indexes.ts";
import { grafanaFiles, grafanaFilesOutputs } from "./grafana-files.ts";
import { mailSink, mailSinkOutputs } from "./mail-sink.ts";
import { mailWorker, mailWorkerOutputs } from "./mail-worker.ts";
import { partitions, partitionsOutputs } from "./partitions.ts";
import { pgbouncer, pgbouncerOutputs } from "./pgbouncer.ts";
import { postgresReplica, postgresReplicaOutputs } from "./postgres-replica.ts";
import { postgresServer, postgresServerOutputs } from "./postgres-server.ts";
import { prometheus, prometheusOutputs } from "./prometheus.ts";
import { queries, queriesOutputs } from "./queries.ts";
import { queueRedis, redis, redisOutputs } from "./redis.ts";
import { release, releaseOutputs } from "./release.ts";
import { replication, replicationOutputs } from "./replication.ts";
import { replicationGuard, replicationGuardOutputs } from "./replication-guard.ts";
import { router, routerOutputs } from "./router.ts";
import { schema, schemaOutputs } from "./schema.ts";
import { serviceInstance, serviceInstanceOutputs } from "./service-instance.ts";
import { supervisor, supervisorOutputs } from "./supervisor.ts";
import { taskSchedule, taskScheduleOutputs } from "./task-schedule.ts";

/** Every resource type of the provider, by its token. */
export const resourceHandlers: Readonly<Record<string, AnyHandler>> = {
  "shopctl:aws:Settling": validated(settling, settlingOutputs),
  "shopctl:aws:TaskRun": validated(taskRun, taskRunOutputs),
  "shopctl:local:Supervisor": validated(supervisor, supervisorOutputs),
  "shopctl:local:Release": validated(release, releaseOutputs),
  "shopctl:local:PostgresServer": validated(postgresServer, postgresServerOutputs),
  "shopctl:local:PostgresReplica": validated(postgresReplica, postgresReplicaOutputs),
  "shopctl:local:Replication": validated(replication, replicationOutputs),
  "shopctl:local:ReplicationGuard": validated(replicationGuard, replicationGuardOutputs),
  "shopctl:local:Schema": validated(schema, schemaOutputs),
  "shopctl:local:Indexes": validated(indexes, indexesOutputs),
  "shopctl:local:Queries": validated(queries, queriesOutputs),
  "shopctl:local:PgBouncer": validated(pgbouncer, pgbouncerOutputs),
  "shopctl:local:Redis": validated(redis, redisOutputs),
  "shopctl:local:QueueRedis": validated(queueRedis, redisOutputs),
  "shopctl:local:MailWorker": validated(mailWorker, mailWorkerOutputs),
  "shopctl:local:MailSink": validated(mailSink, mailSinkOutputs),
  "shopctl:local:ServiceInstance": validated(serviceInstance, serviceInstanceOutputs),
  "shopctl:local:Router": validated(router, routerOutputs),
  "shopctl:local:Cdn": validated(cdn, cdnOutputs),
  "shopctl:local:CdnControl": validated(cdnControl, cdnControlOutputs),
  "shopctl:local:CdnPurge": validated(cdnPurge, cdnPurgeOutputs),
  "shopctl:local:GrafanaFiles": validated(grafanaFiles, grafanaFilesOutputs),
  "shopctl:local:FaultSink": validated(faultSink, faultSinkOutputs),
  "shopctl:local:BackupSchedule": validated(backupSchedule, backupScheduleOutputs),
  "shopctl:local:Archive": validated(archive, archiveOutputs),
  "shopctl:local:Partitions": validated(partitions, partitionsOutputs),
  "shopctl:local:TaskSchedule": validated(taskSchedule, taskScheduleOutputs),
  "shopctl:local:Exporter": validated(exporter, exporterOutputs),
  "shopctl:local:Alertmanager": validated(alertmanager, alertmanagerOutputs),
  "shopctl:local:Prometheus": validated(prometheus, prometheusOutputs),
};
