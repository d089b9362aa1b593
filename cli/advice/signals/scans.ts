import { metricNames as metric } from "../../../service/contract/metrics.ts";
import { leastLoadSeconds, orQuiet, type Signal } from "../signal.ts";

/** Signals of what the database reads for what it returns. */
export const scanSignals = [
  {
    name: "rows-scanned-per-row-returned",
    label: (value) => `${value} rows read by sequential scans for each row returned`,
    meaning: "rows that sequential scans read over the rows that statements return, of the table with the largest",
    unit: "count",
    over: "window",
    // Every instance reports the one database's counters. Of fewer rows than a hundred one search decides the ratio.
    query: (window) =>
      orQuiet(
        `max by (table) (increase(${metric.dbRowsScanned}[${window}])) / (max by (table) (increase(${metric.dbRowsReturned}[${window}])) >= 100)`,
        `(${metric.dbRowsScanned} and on () ${metric.dbRowsReturned})`,
      ),
    needs: [metric.dbRowsScanned, metric.dbRowsReturned],
    instances: "any",
    leastHistorySeconds: leastLoadSeconds,
    quiet: "fewer than 100 rows of any table returned",
    names: "table",
  },
] as const satisfies readonly Signal[];
