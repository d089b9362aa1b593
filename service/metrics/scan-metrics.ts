import { Counter, type Registry } from "prom-client";
import { metricNames } from "../contract/metrics.ts";
import type { ScanFigures } from "../store/scan-figures.ts";

/** How much is read for what is returned; counters of the database, so without a value until it was asked. */
export type ScanMetrics = ReturnType<typeof createScanMetrics>;

export function createScanMetrics(registry: Registry) {
  const counter = (name: string, help: string) =>
    new Counter({ name, help, labelNames: ["table"], registers: [registry], aggregator: "max" });
  return {
    scanned: counter(metricNames.dbRowsScanned, "Rows that sequential scans of the table read"),
    returned: counter(metricNames.dbRowsReturned, "Rows that the shop's statements on the table returned"),
  };
}

/** Takes the database's values over; without figures there are none. */
export function publishScans({ scanned, returned }: ScanMetrics, figures: readonly ScanFigures[]): void {
  scanned.reset();
  returned.reset();
  for (const { table, rowsScanned, rowsReturned } of figures) {
    scanned.inc({ table }, rowsScanned);
    if (rowsReturned !== null) returned.inc({ table }, rowsReturned);
  }
}
