import { metricNames as metric } from "../../../service/contract/metrics.ts";
import { gapIn } from "../counters.ts";
import type { Reading, Signal } from "../signal.ts";
import { scrapedEndpoints, type Snapshot } from "../snapshot.ts";

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

/** Every instance reports the one database's counters, so the largest value is the newest. */
function scannedPerReturned(snapshots: readonly Snapshot[]): Reading {
  const [first, last] = [snapshots.at(0), snapshots.at(-1)];
  if (first === undefined || last === undefined || snapshots.length < 2)
    return { missing: `${metric.dbRowsScanned}: one scrape, two are needed` };
  const tables = [...largestByTable(last, metric.dbRowsReturned).keys()];
  if (tables.length === 0)
    return { missing: gapIn(snapshots, metric.dbRowsReturned) ?? `${metric.dbRowsReturned} has no value` };
  const ratios = tables.flatMap((table) => {
    const growth = (name: string): number | undefined => growthOf(first, last, name, table);
    const [scanned, returned] = [growth(metric.dbRowsScanned), growth(metric.dbRowsReturned)];
    return scanned === undefined || returned === undefined || returned < leastReturned ? [] : [scanned / returned];
  });
  if (ratios.length > 0) return { value: Math.max(...ratios) };
  return { missing: `${metric.dbRowsReturned} of no table grew by ${leastReturned} in the window` };
}

/** Undefined when it is not known at both ends, or the database's statistics began again in between. */
function growthOf(first: Snapshot, last: Snapshot, name: string, table: string): number | undefined {
  const [before, after] = [largestByTable(first, name).get(table), largestByTable(last, name).get(table)];
  return before === undefined || after === undefined || after < before ? undefined : after - before;
}

function largestByTable(snapshot: Snapshot, name: string): ReadonlyMap<string, number> {
  const samples = scrapedEndpoints(snapshot, "shop").flatMap((endpoint) =>
    endpoint.samples.filter((sample) => sample.name === name && Number.isFinite(sample.value)),
  );
  const largest = new Map<string, number>();
  for (const { labels, value } of samples) {
    const table = labels["table"] ?? "";
    largest.set(table, Math.max(value, largest.get(table) ?? 0));
  }
  return largest;
}
