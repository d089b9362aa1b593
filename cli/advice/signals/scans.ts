import { metricNames as metric } from "../../../service/contract/metrics.ts";
import { gapIn } from "../counters.ts";
import { growthOf, largestByLabel } from "../database-counters.ts";
import type { Reading, Signal } from "../signal.ts";
import type { Snapshot } from "../snapshot.ts";

/** Fewer rows than this and one search decides the ratio. */
const leastReturned = 100;

/** Signals of what the database reads for what it returns. */
export const scanSignals = [
  {
    name: "rows-scanned-per-row-returned",
    label: (value) => `${value} rows read by sequential scans for each row returned`,
    meaning: "rows that sequential scans read over the rows that statements return, of the table with the largest",
    unit: "count",
    over: "window",
    query: (window) =>
      `max(max by (table) (increase(${metric.dbRowsScanned}[${window}])) / max by (table) (increase(${metric.dbRowsReturned}[${window}])))`,
    read: ({ snapshots }) => scannedPerReturned(snapshots),
  },
] as const satisfies readonly Signal[];

const byTable = (name: string) => ({ name, label: "table" });

/** Every instance reports the one database's counters, so the largest value is the newest. */
function scannedPerReturned(snapshots: readonly Snapshot[]): Reading {
  const [first, last] = [snapshots.at(0), snapshots.at(-1)];
  if (first === undefined || last === undefined || snapshots.length < 2)
    return { missing: `${metric.dbRowsScanned}: one scrape, two are needed` };
  const tables = [...largestByLabel(last, byTable(metric.dbRowsReturned)).keys()];
  if (tables.length === 0)
    return { missing: gapIn(snapshots, metric.dbRowsReturned) ?? `${metric.dbRowsReturned} has no value` };
  const ratios = tables.flatMap((table) => {
    const growth = (name: string): number | undefined => growthOf(first, last, byTable(name), table);
    const [scanned, returned] = [growth(metric.dbRowsScanned), growth(metric.dbRowsReturned)];
    return scanned === undefined || returned === undefined || returned < leastReturned ? [] : [scanned / returned];
  });
  if (ratios.length > 0) return { value: Math.max(...ratios) };
  return { missing: `${metric.dbRowsReturned} of no table grew by ${leastReturned} in the window` };
}
