import { metricNames as metric } from "../../../service/contract/metrics.ts";
import { leastLoadSeconds, orQuiet, type Signal } from "../signal.ts";

/** Signals of what the statements of the shop take, by Postgres' statistics of statements. */
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
  {
    name: "costliest-statement-share",
    label: (value) => `${value} of the database's time in one statement`,
    meaning: "share of the time of the shop's statements that one took, of the one with the largest",
    unit: "ratio",
    over: "window",
    // Of less than a hundredth of a core no statement is worth a change.
    query: (window) =>
      orQuiet(
        `max by (statement) (rate(${metric.dbCostlySeconds}[${window}])) / on () group_left () (sum(max by (statement) (rate(${metric.dbStatementSeconds}[${window}]))) >= 0.01)`,
        `(${metric.dbCostlySeconds} and on () ${metric.dbStatementSeconds})`,
      ),
    needs: [metric.dbCostlySeconds, metric.dbStatementSeconds],
    instances: "any",
    leastHistorySeconds: leastLoadSeconds,
    quiet: "statements took less than a hundredth of a core",
    names: "statement",
  },
] as const satisfies readonly Signal[];
