import { metricNames as metric } from "../../../service/contract/metrics.ts";
import { p95Of } from "../counters.ts";
import { reportedByAny, worstInstance } from "../gauges.ts";
import type { Reading, Signal, SignalInput } from "../signal.ts";
import { largestValue, secondsBetween, valueOf, type ScrapedEndpoint } from "../snapshot.ts";

/** Signals of the pool in each instance and of the database behind it. */
export const databaseSignals = [
  {
    name: "pool-wait-p95",
    label: (value) => `${value} wait for a database connection`,
    meaning: "95 of 100 requests for a database connection waited no longer than this",
    unit: "s",
    resource: "database connections of an instance's pool (by the wait for one)",
    over: "window",
    query: (window) => `histogram_quantile(0.95, sum by (le) (increase(${metric.poolWait}_bucket[${window}])))`,
    read: ({ snapshots }) => p95Of(snapshots, metric.poolWait),
  },
  {
    name: "pool-utilisation",
    label: (value) => `${value} of an instance's database connections in use`,
    meaning: "share of an instance's pool that is checked out, of the instance with the largest",
    unit: "ratio",
    resource: "database connections of an instance's pool",
    over: "window",
    query: (window) => `max(avg_over_time(${metric.poolInUse}[${window}]) / ${metric.poolSize})`,
    read: ({ snapshots }) => worstInstance(snapshots, metric.poolInUse, ratio(metric.poolInUse, metric.poolSize)),
  },
  {
    name: "server-connections-ratio",
    label: (value) => `${value} of the database plan's connections in use`,
    meaning: "share of the connections that the database plan allows",
    unit: "ratio",
    resource: "connections of the database plan",
    over: "instant",
    query: () => `max(${metric.serverConnections} / ${metric.serverConnectionsMax})`,
    read: ({ snapshots }) =>
      reportedByAny(snapshots, metric.serverConnections, ratio(metric.serverConnections, metric.serverConnectionsMax)),
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
    read: databaseBusyRatio,
  },
  {
    name: "database-size-ratio",
    label: (value) => `${value} of the database plan's storage used`,
    meaning: "share of the storage that the database plan has",
    unit: "ratio",
    resource: "storage of the database plan",
    over: "instant",
    query: () => `max(${metric.dbSize} / ${metric.dbSizeMax})`,
    read: ({ snapshots }) => reportedByAny(snapshots, metric.dbSize, ratio(metric.dbSize, metric.dbSizeMax)),
  },
  {
    name: "days-without-backup",
    label: (value) => `${value} without a backup`,
    meaning:
      "days since the newest backup; a database that was never backed up counts as one day or its age, the longer of the two",
    unit: "days",
    over: "instant",
    query: () => "age of the newest backup of the environment (not a Prometheus metric)",
    read: daysWithoutBackup,
  },
] as const satisfies readonly Signal[];

function ratio(part: string, whole: string): (endpoint: ScrapedEndpoint) => number | undefined {
  return (endpoint) => {
    const [value, most] = [valueOf(endpoint, part), valueOf(endpoint, whole)];
    return value === undefined || most === undefined || !(most > 0) ? undefined : value / most;
  };
}

/** Every instance reports the one database's counter, so the largest counts once; it survives restarts of instances. */
function databaseBusyRatio({ snapshots }: SignalInput): Reading {
  const cpus = reportedByAny(snapshots, metric.dbCpus, (endpoint) => valueOf(endpoint, metric.dbCpus));
  if ("missing" in cpus) return cpus;
  if (!(cpus.value > 0)) return { missing: `${metric.dbCpus} is ${cpus.value}` };
  const known = snapshots.flatMap((snapshot) => {
    const seconds = largestValue(snapshot, metric.dbActive);
    return seconds === undefined ? [] : [{ snapshot, seconds }];
  });
  const [first, last] = [known.at(0), known.at(-1)];
  if (first === undefined || last === undefined) return { missing: `no instance exports ${metric.dbActive}` };
  const window = secondsBetween(first.snapshot, last.snapshot);
  if (last.snapshot !== snapshots.at(-1)) return { missing: `no instance exports ${metric.dbActive} any more` };
  if (!(window > 0)) return { missing: `${metric.dbActive}: one scrape, two are needed` };
  const growth = known.slice(1).map(({ seconds }, index) => {
    const earlier = known[index]?.seconds ?? 0;
    return seconds >= earlier ? seconds - earlier : seconds;
  });
  return { value: growth.reduce((total, seconds) => total + seconds, 0) / (window * cpus.value) };
}

function daysWithoutBackup({ snapshots, observation, environmentCreatedAt }: SignalInput): Reading {
  const now = Date.parse(snapshots.at(-1)?.at ?? "");
  const backups = observation?.database?.backups;
  if (Number.isNaN(now)) return { missing: "nothing was scraped" };
  if (backups === undefined) return { missing: "the backups of the environment: the database did not answer" };
  const days = (since: string): number => Math.max(0, (now - Date.parse(since)) / 86_400_000);
  if (backups.length === 0) return { value: Math.max(1, days(environmentCreatedAt)) };
  return { value: Math.min(...backups.map(({ at }) => days(at))) };
}
