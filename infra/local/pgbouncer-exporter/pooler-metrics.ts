import { Gauge, type Registry } from "prom-client";
import { askConsole, type PoolerTarget } from "../pgbouncer/pooler-console.ts";

/** Columns of SHOW POOLS with their metrics, named as the community's exporter of newer PgBouncers names them. */
const poolColumns = {
  cl_active: ["pgbouncer_pools_client_active_connections", "Clients that have a server or may get one at once"],
  cl_waiting: ["pgbouncer_pools_client_waiting_connections", "Clients that wait for a server"],
  sv_active: ["pgbouncer_pools_server_active_connections", "Server connections that a client has"],
  sv_idle: ["pgbouncer_pools_server_idle_connections", "Server connections that are free"],
  maxwait: ["pgbouncer_pools_client_maxwait_seconds", "Time that the client at the head of the queue has waited"],
} as const;

/** Columns of SHOW STATS; totals since PgBouncer started, times in microseconds there and in seconds here. */
const statColumns = {
  total_query_count: ["pgbouncer_stats_queries_pooled_total", "Queries", 1],
  total_xact_count: ["pgbouncer_stats_sql_transactions_pooled_total", "Transactions", 1],
  total_query_time: ["pgbouncer_stats_queries_duration_seconds_total", "Time in queries", 1e-6],
  total_wait_time: ["pgbouncer_stats_client_wait_seconds_total", "Time that clients waited for a server", 1e-6],
} as const;

/** Registers the metrics; each scrape asks the console once, and `pgbouncer_up` says whether it answered. */
export function registerPoolerMetrics(registry: Registry, target: PoolerTarget): () => Promise<void> {
  const gauge = (name: string, help: string, labelNames: readonly string[]): Gauge =>
    new Gauge({ name, help, labelNames: [...labelNames], registers: [registry] });
  const up = gauge("pgbouncer_up", "1 when PgBouncer's console answers", []);
  const pools = Object.entries(poolColumns).map(([column, [name, help]]) => ({
    column,
    gauge: gauge(name, help, ["database", "user"]),
  }));
  const stats = Object.entries(statColumns).map(([column, [name, help, unit]]) => ({
    column,
    unit,
    gauge: gauge(name, help, ["database"]),
  }));
  return async () => {
    for (const { gauge } of [...pools, ...stats]) gauge.reset();
    try {
      for (const row of await askConsole(target, "SHOW POOLS")) {
        const labels = { database: String(row["database"]), user: String(row["user"]) };
        for (const { column, gauge } of pools) gauge.set(labels, Number(row[column]));
      }
      for (const row of await askConsole(target, "SHOW STATS")) {
        const labels = { database: String(row["database"]) };
        for (const { column, gauge, unit } of stats) gauge.set(labels, Number(row[column]) * unit);
      }
      up.set(1);
    } catch {
      up.set(0);
    }
  };
}
