import { baseline } from "../../../infra/topology/topology.ts";
import { diffTopologies } from "../../planning/topology-diff.ts";
import type { CapacityResult } from "../../planning/capacity/capacity-result.ts";
import { capacityCharts } from "../charts/capacity-charts.ts";
import { htmlFigure } from "./figure.ts";
import { escapeHtml, htmlTable } from "./html.ts";
import { htmlPage } from "./page.ts";

/** `load capacity --html`: what was measured, as a page that needs nothing else. */
export function capacityPage(result: CapacityResult): string {
  const { environment, at, kneePerSecond, objectives, topology, users, hostCpus } = result;
  const runs = diffTopologies(baseline, topology).map(({ field, to }) => `${field} ${to}`);
  return htmlPage(`Capacity of ${environment}`, [
    `<p class="lead">${kneePerSecond.toFixed(0)} requests a second with p95 within ${objectives.p95Ms} ms and nothing failed.</p>`,
    `<p class="muted">${escapeHtml(`${at}; ${users} users; ${runs.length === 0 ? "the baseline" : runs.join(", ")}; a host of ${hostCpus} cores`)}</p>`,
    ...capacityCharts(result).map(htmlFigure),
    htmlTable(
      "Every rate that was tried",
      ["sent/s", "answered/s", "in the shop", "p50 ms", "p95 ms", "p99 ms", "found"],
      result.points.map(({ ratePerSecond, throughputPerSecond, concurrency, latencyMs, breach }) => [
        ratePerSecond.toFixed(0),
        throughputPerSecond.toFixed(0),
        concurrency.toFixed(1),
        ...[latencyMs.p50, latencyMs.p95, latencyMs.p99].map((ms) => ms.toFixed(0)),
        breach ?? "kept",
      ]),
    ),
  ]);
}
