import { Gauge, type Registry } from "prom-client";
import { metricNames } from "../contract/metrics.ts";
import type { TableFigures } from "../store/table-figures.ts";

/** Gauges of the tables that grow with every login; without a value until the database was asked. */
export type TableMetrics = Readonly<Record<keyof TableFigures, Gauge>>;

export function createTableMetrics(registry: Registry): TableMetrics {
  const gauge = (name: string, help: string): Gauge => {
    const made = new Gauge({ name, help, registers: [registry], aggregator: "max" });
    // Without this prom-client exports 0 before the first sample.
    made.remove();
    return made;
  };
  return {
    attempts: gauge(metricNames.loginAttempts, "Login attempts in their table, by its statistics"),
    attemptsOld: gauge(metricNames.loginAttemptsOld, "Login attempts older than they are kept, by the statistics"),
    attemptsBytes: gauge(metricNames.loginAttemptsSize, "Size of the table of login attempts with its indexes"),
    attemptsVacuumDebt: gauge(
      metricNames.loginAttemptsVacuumDebt,
      "Rows of login attempts changed since the last vacuum over those that make one due",
    ),
    sessions: gauge(metricNames.sessions, "Sessions in their table, by its statistics"),
    sessionsExpired: gauge(metricNames.sessionsExpired, "Sessions that have expired, by the statistics"),
  };
}

/** Takes figures over; without them there is no value. */
export function publishTables(metrics: TableMetrics, figures: TableFigures | undefined): void {
  for (const name of keysOf(metrics)) {
    if (figures === undefined) metrics[name].remove();
    else metrics[name].set(figures[name]);
  }
}

const keysOf = (metrics: TableMetrics): (keyof TableFigures)[] => Object.keys(metrics) as (keyof TableFigures)[];
