import { metricNames as metric } from "../../../service/contract/metrics.ts";
import { leastLoadSeconds, orQuiet, type Signal } from "../signal.ts";

/** Signals of what a replica could do. */
export const readSignals = [
  {
    name: "database-read-share",
    label: (value) => `${value} of the database's time in reads`,
    meaning: "share of the time of the shop's statements that selects without locks took: what a replica could answer",
    unit: "ratio",
    over: "window",
    // Every instance reports the one database's counters. Of less than half a second one statement decides the share.
    query: (window) =>
      orQuiet(
        `max(increase(${metric.dbStatementSeconds}{statement="read"}[${window}])) / (sum(max by (statement) (increase(${metric.dbStatementSeconds}[${window}]))) >= 0.5)`,
        metric.dbStatementSeconds,
      ),
    needs: [metric.dbStatementSeconds],
    instances: "any",
    leastHistorySeconds: leastLoadSeconds,
    quiet: "statements took less than half a second",
  },
] as const satisfies readonly Signal[];
