import { metricNames as metric } from "../../../service/contract/metrics.ts";
import { leastLoadSeconds, orQuiet, type HostFacts, type Reading, type Signal } from "../signal.ts";

/** Signals of the pool in each instance and of the database behind it. */
export const databaseSignals = [
  {
    name: "pool-wait-p95",
    label: (value) => `${value} wait for a database connection`,
    meaning: "95 of 100 requests for a database connection waited no longer than this",
    unit: "s",
    resource: "database connections of an instance's pool (by the wait for one)",
    over: "window",
    query: (window) =>
      orQuiet(
        `histogram_quantile(0.95, sum by (le) (rate(${metric.poolWait}_bucket[${window}]))) and on () sum(increase(${metric.poolWait}_bucket{le="+Inf"}[${window}])) >= 20`,
        `${metric.poolWait}_bucket{le="+Inf"}`,
      ),
    needs: [`${metric.poolWait}_bucket`],
    instances: "together",
    leastHistorySeconds: leastLoadSeconds,
    quiet: "fewer than 20 requests for a connection",
  },
  {
    name: "pool-utilisation",
    label: (value) => `${value} of an instance's database connections in use`,
    meaning: "share of an instance's pool that is checked out, of the instance with the largest",
    unit: "ratio",
    resource: "database connections of an instance's pool",
    over: "window",
    query: (window) => `max(avg_over_time(${metric.poolInUse}[${window}]) / ${metric.poolSize})`,
    needs: [metric.poolInUse, metric.poolSize],
    instances: "worst",
    leastHistorySeconds: leastLoadSeconds,
    forecast: true,
  },
  {
    name: "server-connections-ratio",
    label: (value) => `${value} of the database plan's connections in use`,
    meaning: "share of the connections that the database plan allows",
    unit: "ratio",
    resource: "connections of the database plan",
    over: "window",
    query: (window) => `max(avg_over_time(${metric.serverConnections}[${window}]) / ${metric.serverConnectionsMax})`,
    needs: [metric.serverConnections, metric.serverConnectionsMax],
    instances: "any",
    leastHistorySeconds: leastLoadSeconds,
    forecast: true,
  },
  {
    name: "database-busy-ratio",
    label: (value) => `database busy ${value} of its CPU time`,
    meaning:
      "time that the database spent on statements over the time its cores had: an upper bound of its CPU, because waits for locks and disks count too",
    unit: "ratio",
    resource: "CPU of the database plan (upper bound)",
    over: "window",
    query: (window) => `max(rate(${metric.dbActive}[${window}])) / max(${metric.dbCpus})`,
    needs: [metric.dbActive, metric.dbCpus],
    instances: "any",
    leastHistorySeconds: leastLoadSeconds,
    forecast: true,
  },
  {
    name: "database-size-ratio",
    label: (value) => `${value} of the database plan's storage used`,
    meaning: "share of the storage that the database plan has",
    unit: "ratio",
    resource: "storage of the database plan",
    over: "instant",
    query: () => `max(${metric.dbSize} / ${metric.dbSizeMax})`,
    needs: [metric.dbSize, metric.dbSizeMax],
    instances: "any",
    leastHistorySeconds: 0,
    forecast: true,
  },
  {
    name: "days-without-backup",
    label: (value) => `${value} without a backup`,
    meaning:
      "days since the newest backup; a database that was never backed up counts as one day or its age, the longer of the two",
    unit: "days",
    over: "host",
    source: "age of the newest backup of the environment",
    read: daysWithoutBackup,
  },
] as const satisfies readonly Signal[];

function daysWithoutBackup({ now, observation, environmentCreatedAt }: HostFacts): Reading {
  const backups = observation?.database?.backups;
  if (backups === undefined) return { missing: "the backups of the environment: the database did not answer" };
  const days = (since: string): number => Math.max(0, (Date.parse(now) - Date.parse(since)) / 86_400_000);
  if (backups.length === 0) return { value: Math.max(1, days(environmentCreatedAt)) };
  return { value: Math.min(...backups.map(({ at }) => days(at))) };
}
