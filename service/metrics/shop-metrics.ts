import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry, type Aggregator } from "prom-client";
import { cacheNames, type CacheName } from "../cache/cache-names.ts";
import { metricNames } from "../contract/metrics.ts";
import { accountQuotas } from "../limits/account-quotas.ts";
import { accountRule, limitRules } from "../limits/rules.ts";
import { mailKinds, type MailKind } from "../mail/mail.ts";
import { requestBuckets, waitBuckets } from "./buckets.ts";
import { createOutboxMetrics } from "./outbox-metrics.ts";
import { createScanMetrics } from "./scan-metrics.ts";
import { createTableMetrics } from "./table-metrics.ts";
import { TalliedCounter } from "./tallied-counter.ts";

/** Every metric of `contract/metrics.ts`, in one registry. */
export type ShopMetrics = ReturnType<typeof createMetrics>;

/**
 * Counters stand at zero from the start, so that rates can be taken. Each gauge says how it is put together over the
 * workers of an instance: what a process has is summed, what all of them see of one thing is the largest seen.
 */
export function createMetrics(mailTransport: string) {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const counter = <Label extends string>(name: string, help: string, labelNames: readonly Label[] = []) =>
    new TalliedCounter<Label>({ name, help, labelNames, registers });
  const gauge = (name: string, help: string, aggregator: Aggregator) =>
    absent(new Gauge({ name, help, registers, aggregator }));

  const metrics = {
    registry,
    httpRequests: counter(metricNames.httpRequests, "Answered requests", ["method", "route", "status"]),
    httpDuration: new Histogram({
      name: metricNames.httpDuration,
      help: "Time from the request's arrival to the end of the answer",
      labelNames: ["route"],
      buckets: requestBuckets,
      registers,
    }),
    answers: counter(metricNames.answers, "Answers by whether a CDN may keep them", ["cacheable"]),
    answerBytes: counter(metricNames.answerBytes, "Bytes of answers' bodies", ["cacheable"]),
    cdnPurges: counter(metricNames.cdnPurges, "Purges of the CDN", ["outcome"]),
    poolWait: new Histogram({
      name: metricNames.poolWait,
      help: "Wait for a connection from the pool",
      buckets: waitBuckets,
      registers,
    }),
    poolInUse: gauge(metricNames.poolInUse, "Connections checked out of the pool", "sum"),
    poolSize: gauge(metricNames.poolSize, "Largest number of connections of the pool", "sum"),
    serverConnections: gauge(metricNames.serverConnections, "Client connections open at the database server", "max"),
    serverConnectionsMax: gauge(
      metricNames.serverConnectionsMax,
      "Client connections that the database server takes, less the reserved ones",
      "max",
    ),
    replicaInUse: new Gauge({
      name: metricNames.replicaInUse,
      help: "1 while reads may go to the replica",
      labelNames: ["replica"],
      registers,
      aggregator: "min",
    }),
    replicaLag: new Gauge({
      name: metricNames.replicaLag,
      help: "Time that the replica is behind the primary",
      labelNames: ["replica"],
      registers,
      aggregator: "max",
    }),
    replicaReads: counter(metricNames.replicaReads, "Reads that a replica may answer, by the server that did", [
      "server",
    ]),
    dbActive: absent(
      new Counter({
        name: metricNames.dbActive,
        help: "Time that sessions of the shop's database were executing",
        registers,
        aggregator: "max",
      }),
    ),
    scans: createScanMetrics(registry),
    dbStatements: new Counter({
      name: metricNames.dbStatementSeconds,
      help: "Time of the shop's statements",
      labelNames: ["statement"],
      registers,
      aggregator: "max",
    }),
    dbCostly: new Counter({
      name: metricNames.dbCostlySeconds,
      help: "Time of the shop's statements that took most",
      labelNames: ["statement"],
      registers,
      aggregator: "max",
    }),
    dbQueryForm: new Gauge({
      name: metricNames.dbQueryForm,
      help: "Form of the statements that are sent most",
      labelNames: ["form"],
      registers,
      aggregator: "max",
    }),
    dbCpus: gauge(metricNames.dbCpus, "Cores of the database plan", "max"),
    dbSize: gauge(metricNames.dbSize, "Size of the shop's database", "max"),
    dbSizeMax: gauge(metricNames.dbSizeMax, "Storage of the database plan", "max"),
    tables: createTableMetrics(registry),
    cacheHits: counter(metricNames.cacheHits, "Lookups that the cache answered", ["cache"]),
    cacheMisses: counter(metricNames.cacheMisses, "Lookups that the cache could not answer", ["cache"]),
    cacheBytes: gauge(metricNames.cacheBytes, "Memory held by the cache in the process", "sum"),
    cacheShared: gauge(metricNames.cacheShared, "1 when all processes share the cache", "min"),
    mailMessages: counter(metricNames.mailMessages, "Mails handed to the transport", ["kind", "transport", "outcome"]),
    mailInRequest: new Histogram({
      name: metricNames.mailInRequest,
      help: "What one mail cost the request that it belongs to",
      labelNames: ["delivery"],
      buckets: requestBuckets,
      registers,
    }),
    mailQueued: counter(metricNames.mailQueued, "Mails written into the outbox", ["kind"]),
    outbox: createOutboxMetrics(registry),
    mailLastDay: gauge(metricNames.mailLastDay, "Mails of the last 24 hours over all instances", "max"),
    mailUnsent: gauge(metricNames.mailUnsent, "Orders of the last hour whose confirmation was lost", "max"),
    limitChecks: counter(metricNames.limitChecks, "Requests that a limit was applied to", ["rule"]),
    limitRefusals: counter(metricNames.limitRefusals, "Requests refused by a limit", ["rule", "address"]),
    eventLoopUtilization: gauge(
      metricNames.eventLoopUtilization,
      "Share of the last interval that the loop was busy",
      "max",
    ),
    users: gauge(metricNames.users, "Registered users", "max"),
    orders: counter(metricNames.orders, "Orders placed"),
    orderCancellations: counter(metricNames.orderCancellations, "Orders cancelled"),
    registrations: counter(metricNames.registrations, "Accounts registered"),
    logins: counter(metricNames.logins, "Successful logins"),
    buildInfo: new Gauge({
      name: metricNames.buildInfo,
      help: "Instance and release that run",
      labelNames: ["instance", "release"],
      registers,
      aggregator: "max",
    }),
  };
  startAtZero(metrics, mailTransport);
  return metrics;
}

/** A missing value is not zero: without this prom-client exports 0 before the first sample. */
function absent<Metric extends { remove(): void }>(metric: Metric): Metric {
  metric.remove();
  return metric;
}

interface StartsAtZero {
  readonly cacheHits: Counter<"cache">;
  readonly cacheMisses: Counter<"cache">;
  readonly mailMessages: Counter<"kind" | "transport" | "outcome">;
  readonly mailQueued: Counter<"kind">;
  readonly answers: Counter<"cacheable">;
  readonly answerBytes: Counter<"cacheable">;
  readonly cdnPurges: Counter<"outcome">;
  readonly limitChecks: Counter<"rule">;
  readonly limitRefusals: Counter<"rule" | "address">;
}

function startAtZero(metrics: StartsAtZero, transport: string): void {
  for (const cache of cacheNames satisfies readonly CacheName[]) {
    metrics.cacheHits.inc({ cache }, 0);
    metrics.cacheMisses.inc({ cache }, 0);
  }
  for (const kind of mailKinds satisfies readonly MailKind[]) {
    metrics.mailQueued.inc({ kind }, 0);
    for (const outcome of ["accepted", "failed"]) metrics.mailMessages.inc({ kind, transport, outcome }, 0);
  }
  for (const cacheable of ["yes", "no"]) {
    metrics.answers.inc({ cacheable }, 0);
    metrics.answerBytes.inc({ cacheable }, 0);
  }
  for (const outcome of ["done", "failed"]) metrics.cdnPurges.inc({ outcome }, 0);
  const quotas = [...limitRules("base"), accountRule("base"), ...Object.values(accountQuotas)];
  for (const rule of quotas.map(({ name }) => name)) {
    metrics.limitChecks.inc({ rule }, 0);
    for (const address of ["shared", "single"]) metrics.limitRefusals.inc({ rule, address }, 0);
  }
}
