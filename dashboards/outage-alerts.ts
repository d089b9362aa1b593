import { metricNames as metric } from "../service/contract/metrics.ts";
import { alert, type AlertRule } from "./alert.ts";

const exporters = "postgres|pgbouncer|redis";

/** What is down, or fails what it is asked. */
export const outageAlerts: readonly AlertRule[] = [
  alert(
    "NothingServes",
    "critical",
    { expr: 'haproxy_backend_active_servers{proxy="shop"} == 0', for: "15s" },
    { summary: "No instance takes requests", next: "shopctl env show; shopctl logs web" },
  ),
  // Without the router there is no series of it that could say that nothing serves.
  alert(
    "RouterDown",
    "critical",
    { expr: 'up{job="router"} == 0', for: "15s" },
    { summary: "The router does not answer: no shopper gets in", next: "shopctl logs router" },
  ),
  alert(
    "RequestsFail",
    "critical",
    { expr: "router:errors:ratio5m > 0.01 or shop:errors:ratio5m > 0.01", for: "2m" },
    {
      summary: "{{ $value | humanizePercentage }} of requests fail",
      next: "shopctl logs web; shopctl logs router; shopctl scale rollback --last",
    },
  ),
  alert(
    "InstanceDown",
    "critical",
    { expr: 'up{job="shop"} == 0', for: "1m" },
    { summary: "{{ $labels.instance }} does not answer", next: "shopctl logs {{ $labels.instance }}" },
  ),
  // A rollout's instances have new names. Starts within one scrape are one; three of workers are at least 3 by `increase`,
  // which for two says 2.1.
  alert(
    "InstanceRestarts",
    "warning",
    {
      expr: `changes(${metric.processStart}{job="shop"}[10m]) >= 3 or increase(${metric.workerRestarts}[10m]) >= 3`,
      for: "1m",
    },
    {
      summary: "{{ $labels.instance }}, or workers of it, died three times or more in ten minutes",
      next: "shopctl logs {{ $labels.instance }}",
    },
  ),
  alert(
    "ComponentDown",
    "warning",
    { expr: `up{job!~"shop|router|${exporters}"} == 0`, for: "2m" },
    { summary: "{{ $labels.instance }} does not answer", next: "shopctl logs {{ $labels.instance }}" },
  ),
  // What an exporter watches is the instance; the process has its number at the end: `postgres-1`, `postgres-exporter-1`.
  alert(
    "ExporterDown",
    "warning",
    { expr: `up{job=~"${exporters}"} == 0`, for: "2m" },
    {
      summary: "Nothing watches {{ $labels.instance }}: its exporter does not answer",
      next: 'shopctl logs {{ reReplaceAll "^([a-z]+)" "$1-exporter" $labels.instance }}',
    },
  ),
  // The instance `postgres` is whichever server is the primary, and `postgres-1` that server, whatever its role.
  alert(
    "DatabaseDown",
    "critical",
    { expr: 'pg_up{instance="postgres"} == 0', for: "30s" },
    { summary: "The database's primary does not answer", next: "shopctl env show; shopctl logs postgres" },
  ),
  alert(
    "DatabaseServerDown",
    "warning",
    { expr: 'pg_up{instance!="postgres"} == 0', for: "2m" },
    {
      summary: "{{ $labels.instance }} does not answer, or is copied anew",
      next: "shopctl env show; shopctl logs {{ $labels.instance }}",
    },
  ),
  alert(
    "CacheDown",
    "warning",
    { expr: "redis_up == 0", for: "1m" },
    { summary: "Redis does not answer: every request reads the database", next: "shopctl logs redis" },
  ),
  // Taken out of use it is in maintenance, which is not down.
  alert(
    "CdnDown",
    "warning",
    { expr: 'haproxy_server_status{proxy="cdn",server="nginx",state="DOWN"} == 1', for: "2m" },
    { summary: "The CDN's cache does not answer: every request goes to the shop", next: "shopctl logs cdn" },
  ),
  // A purge is given up after four tries, each of which counts.
  alert(
    "CdnNotPurged",
    "warning",
    { expr: `sum(increase(${metric.cdnPurges}{outcome="failed"}[15m])) >= 4`, for: "0s" },
    {
      summary: "The CDN was not told of changes: it shows old prices and stock until its answers run out",
      next: "shopctl logs cdn-control; shopctl logs web",
    },
  ),
  // The worker has no figures of a queue whose Redis is away.
  alert(
    "MailQueueDown",
    "warning",
    { expr: `up{job="mail-worker"} == 1 unless on (instance) ${metric.queueJobs}`, for: "2m" },
    { summary: "The queue's Redis does not answer: mails wait in the outbox", next: "shopctl logs queue-redis" },
  ),
  alert(
    "MailFails",
    "warning",
    {
      expr: `sum(increase(${metric.mailMessages}{outcome="failed"}[15m])) / sum(increase(${metric.mailMessages}[15m])) > 0.01`,
      for: "5m",
    },
    { summary: "{{ $value | humanizePercentage }} of mails are not taken", next: "shopctl logs web" },
  ),
  alert(
    "RulesFail",
    "warning",
    { expr: "increase(prometheus_rule_evaluation_failures_total[5m]) > 0", for: "5m" },
    { summary: "Prometheus cannot evaluate a rule", next: "shopctl logs prometheus" },
  ),
];
