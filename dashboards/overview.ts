import { figures } from "../service/contract/figures.ts";
import { metricNames as metric } from "../service/contract/metrics.ts";
import type { Dashboard, Row } from "./panel.ts";

const { responseSecondsMax } = figures.objectives;

const shoppers: Row = {
  title: "What shoppers get",
  panels: [
    {
      title: "Requests by route",
      description: "Answers of the shop's instances. What the CDN answers is in its own row.",
      unit: "reqps",
      queries: [{ expr: `sum by (route) (rate(${metric.httpRequests}[5m]))`, legend: "{{route}}" }],
    },
    {
      title: "Failed answers by route",
      description: "Share of 5xx. Look into shopctl errors and shopctl logs web.",
      unit: "percentunit",
      threshold: 0.01,
      queries: [
        {
          expr: `sum by (route) (rate(${metric.httpRequests}{status=~"5.."}[5m])) / sum by (route) (rate(${metric.httpRequests}[5m]))`,
          legend: "{{route}}",
        },
      ],
    },
    {
      title: "p95 by route",
      description: "95 of 100 answers take at most this long inside the shop.",
      unit: "s",
      threshold: responseSecondsMax,
      queries: [
        {
          expr: `histogram_quantile(0.95, sum by (route, le) (rate(${metric.httpDuration}_bucket[5m])))`,
          legend: "{{route}}",
        },
      ],
    },
  ],
};

const instances: Row = {
  title: "The tier",
  panels: [
    {
      title: "Cores used",
      description: "By instance. shopctl scale recommend knows what the tier has.",
      unit: "short",
      queries: [{ expr: `rate(${metric.processCpu}{job="shop"}[5m])`, legend: "{{instance}}" }],
    },
    {
      title: "Memory",
      description: "By instance. Over its tier's memory the kernel ends it.",
      unit: "bytes",
      queries: [{ expr: `${metric.processMemory}{job="shop"}`, legend: "{{instance}}" }],
    },
    {
      title: "Event loop busy",
      description: "Share of time; at 0.8 answers wait for each other.",
      unit: "percentunit",
      threshold: 0.8,
      queries: [{ expr: metric.eventLoopUtilization, legend: "{{instance}}" }],
    },
  ],
};

const database: Row = {
  title: "Pool and database",
  panels: [
    {
      title: "Pool used",
      description: "Connections of each instance that are checked out, of those that it may open.",
      unit: "percentunit",
      threshold: 0.8,
      queries: [{ expr: `${metric.poolInUse} / ${metric.poolSize}`, legend: "{{instance}}" }],
    },
    {
      title: "Wait for a connection, p95",
      description: "From 50 ms on the pooler or a larger plan is due.",
      unit: "s",
      threshold: 0.05,
      queries: [
        {
          expr: `histogram_quantile(0.95, sum by (le) (rate(${metric.poolWait}_bucket[5m])))`,
          legend: "all instances",
        },
        { expr: "max(pgbouncer_pools_client_maxwait_seconds)", legend: "longest at PgBouncer now" },
      ],
    },
    {
      title: "Database busy",
      description: "Time that sessions executed, of the plan's cores.",
      unit: "percentunit",
      threshold: 0.7,
      queries: [
        { expr: `max(rate(${metric.dbActive}[5m])) / max(${metric.dbCpus})`, legend: "cores" },
        { expr: `max(${metric.serverConnections} / ${metric.serverConnectionsMax})`, legend: "connections" },
        { expr: `max(${metric.dbSize} / ${metric.dbSizeMax})`, legend: "storage" },
      ],
    },
    {
      title: "Transactions",
      description: "Committed and rolled back by PostgreSQL.",
      unit: "short",
      queries: [
        { expr: 'sum(rate(pg_stat_database_xact_commit{datname="shop"}[5m]))', legend: "committed" },
        { expr: 'sum(rate(pg_stat_database_xact_rollback{datname="shop"}[5m]))', legend: "rolled back" },
      ],
    },
  ],
};

const caches: Row = {
  title: "Caches and CDN",
  panels: [
    {
      title: "Hits of the shop's caches",
      description: "Share of lookups that needed no database.",
      unit: "percentunit",
      queries: [
        {
          expr: `sum by (cache) (rate(${metric.cacheHits}[5m])) / (sum by (cache) (rate(${metric.cacheHits}[5m])) + sum by (cache) (rate(${metric.cacheMisses}[5m])))`,
          legend: "{{cache}}",
        },
      ],
    },
    {
      title: "Redis",
      description: "Memory used of what it may take; at its limit it forgets what was not asked for longest.",
      unit: "percentunit",
      threshold: 0.9,
      queries: [{ expr: "redis_memory_used_bytes / redis_memory_max_bytes", legend: "{{instance}}" }],
    },
    {
      title: "CDN by how it answered",
      description: "HIT, or UPDATING and STALE: from the cache. MISS and EXPIRED: from the shop.",
      unit: "reqps",
      queries: [{ expr: "sum by (cache) (rate(cdn_requests_total[5m]))", legend: "{{cache}}" }],
    },
    {
      title: "CDN: share from the cache",
      description: "By zone: files, products, lists.",
      unit: "percentunit",
      queries: [
        {
          expr: 'sum by (zone) (rate(cdn_requests_total{cache=~"HIT|UPDATING|STALE|REVALIDATED"}[5m])) / sum by (zone) (rate(cdn_requests_total[5m]))',
          legend: "{{zone}}",
        },
      ],
    },
  ],
};

const edge: Row = {
  title: "Router and limits",
  panels: [
    {
      title: "Requests at the router",
      description: "By the backend that they were sent to.",
      unit: "reqps",
      queries: [{ expr: "sum by (proxy) (rate(haproxy_backend_http_requests_total[5m]))", legend: "{{proxy}}" }],
    },
    {
      title: "Sessions",
      description: "Open at the router, and waiting for an instance.",
      unit: "short",
      queries: [
        { expr: 'haproxy_frontend_current_sessions{proxy="shoppers"}', legend: "open" },
        { expr: 'haproxy_backend_current_queue{proxy="shop"}', legend: "waiting" },
      ],
    },
    {
      title: "Refused by a limit",
      description: "Of addresses that many share: rate-limits-raised is due. Of single ones: somebody asks too much.",
      unit: "reqps",
      queries: [
        { expr: `sum by (rule, address) (rate(${metric.limitRefusals}[5m]))`, legend: "{{rule}}, {{address}}" },
      ],
    },
  ],
};

const mail: Row = {
  title: "Mail and orders",
  panels: [
    {
      title: "Mails",
      description: "Handed to the provider, by outcome.",
      unit: "short",
      queries: [{ expr: `sum by (outcome) (rate(${metric.mailMessages}[5m])) * 60`, legend: "{{outcome}} a minute" }],
    },
    {
      title: "Outbox",
      description: "Mails that wait, are being sent, or were given up (shopctl mail failed).",
      unit: "short",
      queries: [{ expr: `max by (state) (${metric.mailOutbox})`, legend: "{{state}}" }],
    },
    {
      title: "Mail quota used",
      description: "Of the last 24 hours.",
      unit: "percentunit",
      threshold: 0.8,
      queries: [{ expr: `max(${metric.mailLastDay} / ${metric.mailQuotaPerDay})`, legend: "used" }],
    },
    {
      title: "Orders and registrations",
      description: "A minute.",
      unit: "short",
      queries: [
        { expr: `sum(rate(${metric.orders}[5m])) * 60`, legend: "orders" },
        { expr: `sum(rate(${metric.registrations}[5m])) * 60`, legend: "registrations" },
      ],
    },
  ],
};

/** The shop as a whole: what shoppers get first, then what may run out. */
export const overview: Dashboard = {
  uid: "shop-overview",
  title: "Shop: overview",
  description: "What shoppers get, and how full everything is that can run out.",
  from: "now-6h",
  refresh: "30s",
  rows: [shoppers, instances, database, caches, edge, mail],
};
