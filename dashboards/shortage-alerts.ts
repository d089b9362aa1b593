import { figures } from "../service/contract/figures.ts";
import { metricNames as metric } from "../service/contract/metrics.ts";
import { alert, type AlertRule } from "./alert.ts";

const { responseSecondsMax } = figures.objectives;

/** What is slow, behind, or about to run out. */
export const shortageAlerts: readonly AlertRule[] = [
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
];
