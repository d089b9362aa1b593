import { metricNames as metric } from "../../../service/contract/metrics.ts";
import { gapIn } from "../counters.ts";
import { growthOf } from "../database-counters.ts";
import type { Reading, Signal } from "../signal.ts";
import type { Snapshot } from "../snapshot.ts";

const counter = { name: metric.dbStatementSeconds, label: "kind" };
/** With less one statement decides the share. */
const leastSeconds = 0.5;

/** Signals of what a replica could do. */
export const readSignals = [
  {
    name: "database-read-share",
    label: (value) => `${value} of the database's time in reads`,
    meaning: "share of the time of the shop's statements that selects without locks took: what a replica could answer",
    unit: "ratio",
    over: "window",
    query: (window) =>
      `max(increase(${counter.name}{kind="read"}[${window}])) / sum(max by (kind) (increase(${counter.name}[${window}])))`,
    read: ({ snapshots }) => readShare(snapshots),
  },
] as const satisfies readonly Signal[];

function readShare(snapshots: readonly Snapshot[]): Reading {
  const [first, last] = [snapshots.at(0), snapshots.at(-1)];
  if (first === undefined || last === undefined || snapshots.length < 2)
    return { missing: `${counter.name}: one scrape, two are needed` };
  const [read, write] = [growthOf(first, last, counter, "read"), growthOf(first, last, counter, "write")];
  if (read === undefined || write === undefined)
    return { missing: gapIn(snapshots, counter.name) ?? `${counter.name} is not known at both ends of the window` };
  const all = read + write;
  if (all < leastSeconds)
    return { missing: `${counter.name} grew by ${all.toFixed(2)} s in the window, a share needs ${leastSeconds} s` };
  return { value: read / all };
}
