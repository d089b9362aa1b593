import Table from "cli-table3";
import type { StepRecord } from "../rollout/step-record.ts";
import { stepSeconds, type Measurement } from "./measurement.ts";

export interface DemoResult {
  readonly before: Measurement;
  readonly during: Measurement;
  readonly after: Measurement;
  readonly steps: readonly StepRecord[];
}

/** The one table that the demo ends with: before, during the rollout and after; then the steps with their times. */
export function closingTable({ before, during, after, steps }: DemoResult): string {
  const columns = [before, during, after];
  const table = new Table({
    head: ["", "before", "rollout", "after"],
    colAligns: ["left", "right", "right", "right"],
    style: { head: [], border: [], compact: true },
  });
  for (const [name, text] of rows) table.push([name, ...columns.map(text)]);
  const seconds = steps.map((step) => `${step.step} ${stepSeconds(step).toFixed(1)} s`);
  table.push([{ content: `steps: ${wrap(seconds)}`, colSpan: 4 }]);
  return table.toString();
}

const rows: readonly (readonly [string, (one: Measurement) => string])[] = [
  ["requests", (one) => count(one.requests)],
  ["requests per second", (one) => one.requestsPerSecond.toFixed(1)],
  ["p50", (one) => milliseconds(one.p50Ms)],
  ["p95", (one) => milliseconds(one.p95Ms)],
  ["p99", (one) => milliseconds(one.p99Ms)],
  ["longest", (one) => milliseconds(one.longestMs)],
  ["failed requests", (one) => count(one.failed)],
  ["refused by limits (429)", (one) => `${count(one.refused)} (${share(one.refused, one.requests)})`],
  ["memory of the service", memory],
  ["cost per month", (one) => `$${one.usdPerMonth.toFixed(2)}`],
];

function memory({ memoryMiB, memoryGrantedMiB }: Measurement): string {
  if (memoryMiB === undefined) return "not measured";
  const used = Math.round(memoryMiB);
  return memoryGrantedMiB === undefined ? `${used} MiB` : `${used} of ${count(memoryGrantedMiB)} MiB`;
}

function share(part: number, whole: number): string {
  return whole === 0 ? "–" : `${((part / whole) * 100).toFixed(1)}%`;
}

function milliseconds(value: number): string {
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
}

function count(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

/** Three steps a line: the table stays inside 80 columns. */
function wrap(items: readonly string[]): string {
  const lines: string[] = [];
  for (let first = 0; first < items.length; first += 2) lines.push(items.slice(first, first + 2).join(" · "));
  return lines.join("\n       ");
}
