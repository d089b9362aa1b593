import { figures } from "../service/contract/figures.ts";
import { metricNames as metric } from "../service/contract/metrics.ts";

/** A recording rule of Prometheus. */
export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** An alert: what is wrong for how long, how urgent it is, and what the operator does about it. */
export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: { readonly severity: "critical" | "warning" };
  readonly annotations: { readonly summary: string; readonly next: string };
}

/** What dashboards and alerts both ask for, computed once. */
export const recordingRules: readonly RecordingRule[] = [
  { record: "shop:requests:rate5m", expr: `sum(rate(${metric.httpRequests}[5m]))` },
  {
    record: "shop:errors:ratio5m",
    expr: `sum(rate(${metric.httpRequests}{status=~"5.."}[5m])) / sum(rate(${metric.httpRequests}[5m]))`,
  },
  {
    record: "shop:latency_seconds:p95_5m",
    expr: `histogram_quantile(0.95, sum by (le) (rate(${metric.httpDuration}_bucket[5m])))`,
  },
];

const { responseSecondsMax } = figures.objectives;

function alert(
  name: string,
  severity: AlertRule["labels"]["severity"],
  condition: { readonly expr: string; readonly for: string },
  annotations: AlertRule["annotations"],
): AlertRule {
  return { alert: name, ...condition, labels: { severity }, annotations };
}

/** Every alert. `critical` is for shoppers who are turned away now, `warning` for what will turn them away. */
export const alertRules: readonly AlertRule[] = [
  alert(
    "NothingServes",
    "critical",
    { expr: 'haproxy_backend_active_servers{proxy="shop"} == 0', for: "15s" },
    { summary: "No instance takes requests", next: "shopctl env show; shopctl logs web" },
  ),
  alert(
    "InstanceDown",
    "critical",
    { expr: 'up{job="shop"} == 0', for: "1m" },
    { summary: "{{ $labels.instance }} does not answer", next: "shopctl logs {{ $labels.instance }}" },
  ),
  alert(
    "ComponentDown",
    "warning",
    { expr: 'up{job!="shop"} == 0', for: "2m" },
    { summary: "{{ $labels.job }} does not answer", next: "shopctl logs {{ $labels.job }}" },
  ),
  alert(
    "DatabaseDown",
    "critical",
    { expr: "pg_up == 0", for: "30s" },
    { summary: "PostgreSQL does not answer", next: "shopctl logs postgres" },
  ),
  alert(
    "CacheDown",
    "warning",
    { expr: "redis_up == 0", for: "1m" },
    { summary: "Redis does not answer: every request reads the database", next: "shopctl logs redis" },
  ),
  alert(
    "RequestsFail",
    "critical",
    { expr: "shop:errors:ratio5m > 0.01", for: "2m" },
    {
      summary: "{{ $value | humanizePercentage }} of requests fail",
      next: "shopctl logs web; shopctl scale rollback --last",
    },
  ),
  alert(
    "RequestsSlow",
    "warning",
    { expr: `shop:latency_seconds:p95_5m > ${responseSecondsMax}`, for: "5m" },
    {
      summary: `95 of 100 answers take up to {{ $value | humanizeDuration }}, the objective is ${responseSecondsMax} s`,
      next: "shopctl scale recommend",
    },
  ),
  alert(
    "PoolExhausted",
    "warning",
    { expr: `max(${metric.poolInUse} / ${metric.poolSize}) > 0.9`, for: "5m" },
    { summary: "An instance's database connections are in use", next: "shopctl scale recommend" },
  ),
  alert(
    "DatabaseConnectionsShort",
    "warning",
    { expr: `max(${metric.serverConnections} / ${metric.serverConnectionsMax}) > 0.8`, for: "5m" },
    {
      summary: "{{ $value | humanizePercentage }} of the database's connections are in use",
      next: "shopctl scale recommend",
    },
  ),
  alert(
    "ReplicaLags",
    "warning",
    { expr: `max by (replica) (${metric.replicaLag}) > 10`, for: "2m" },
    {
      summary: "{{ $labels.replica }} is {{ $value | humanizeDuration }} behind and answers no reads",
      next: "shopctl env show",
    },
  ),
  alert(
    "NoReplicaInUse",
    "warning",
    { expr: `sum by (instance) (${metric.replicaInUse}) == 0`, for: "2m" },
    {
      summary: "{{ $labels.instance }} reads everything from the primary: no replica is fit",
      next: "shopctl env show; shopctl logs replication-guard",
    },
  ),
  alert(
    "DatabaseStorageShort",
    "warning",
    { expr: `max(${metric.dbSize} / ${metric.dbSizeMax}) > 0.8`, for: "15m" },
    { summary: "{{ $value | humanizePercentage }} of the database's storage is used", next: "shopctl scale recommend" },
  ),
  alert(
    "EventLoopBusy",
    "warning",
    { expr: `max(avg_over_time(${metric.eventLoopUtilization}[5m])) > 0.8`, for: "5m" },
    {
      summary: "An instance's event loop is busy {{ $value | humanizePercentage }} of the time",
      next: "shopctl scale recommend",
    },
  ),
  alert(
    "MailQuotaShort",
    "warning",
    { expr: `max(${metric.mailLastDay} / ${metric.mailQuotaPerDay}) > 0.8`, for: "15m" },
    {
      summary: "{{ $value | humanizePercentage }} of the day's mails are sent",
      next: "shopctl scale recommend, or shopctl mail quota when more was bought",
    },
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
    "MailWaits",
    "warning",
    { expr: `max(${metric.mailOutboxAge}) > 600`, for: "5m" },
    {
      summary: "A mail has waited in the outbox for {{ $value | humanizeDuration }}",
      next: "shopctl logs mail-worker; shopctl mail failed",
    },
  ),
  alert(
    "OfficesRefused",
    "warning",
    {
      expr: `sum(rate(${metric.limitRefusals}{address="shared"}[15m])) / sum(rate(${metric.httpRequests}[15m])) > 0.01`,
      for: "15m",
    },
    {
      summary: "Limits refuse {{ $value | humanizePercentage }} of requests at addresses that many share",
      next: "shopctl scale recommend",
    },
  ),
  alert(
    "RulesFail",
    "warning",
    { expr: "increase(prometheus_rule_evaluation_failures_total[5m]) > 0", for: "5m" },
    { summary: "Prometheus cannot evaluate a rule", next: "shopctl logs prometheus" },
  ),
];
