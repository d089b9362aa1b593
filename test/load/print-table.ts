import Table from "cli-table3";
import type { Turn } from "./measure.ts";
import type { Ratios } from "./ratios.ts";

export interface Measured {
  readonly name: string;
  readonly target: number;
  /** Requests a second of the shop over those of its floor. */
  readonly ratio: Ratios | undefined;
  /** The same by processor time of the servers; undefined where the floor is no server. */
  readonly cpuRatio: Ratios | undefined;
  readonly floor: Turn;
  readonly service: Turn;
}

/** The result for people: a line for the floor and one for the shop, medians of their turns, and of each turn's ratio. */
export function printTable(measured: readonly Measured[]): void {
  const table = new Table({
    head: ["work", "", "requests/s", "p50 ms", "p99 ms", "CPU", "MiB", "ratio", "by CPU", "at least"],
    style: { head: [], border: [] },
  });
  for (const { name, target, ratio, cpuRatio, floor, service } of measured) {
    table.push([name, "floor", ...cells(floor), "", "", ""]);
    table.push(["", "shop", ...cells(service), text(ratio), text(cpuRatio), target.toFixed(2)]);
  }
  console.log(table.toString());
}

function text(ratios: Ratios | undefined): string {
  if (ratios === undefined) return "";
  const [median, lowest, highest] = [ratios.median, ratios.lowest, ratios.highest].map((ratio) => ratio.toFixed(2));
  return `${median} (${lowest} to ${highest})`;
}

function cells({ requestsPerSecond, p50Ms, p99Ms, cpu, memoryMiB }: Turn): string[] {
  return [
    requestsPerSecond.toFixed(requestsPerSecond < 100 ? 1 : 0),
    p50Ms.toFixed(1),
    p99Ms.toFixed(1),
    cpu?.toFixed(2) ?? "",
    memoryMiB?.toFixed(0) ?? "",
  ];
}
