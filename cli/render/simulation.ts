import type { SimulateReport } from "../rollout/simulate-report.ts";
import { columns } from "./columns.ts";
import { usd } from "./numbers.ts";
import { style } from "./style.ts";

/** `scale simulate` for people. */
export function renderSimulation(report: SimulateReport): string {
  const { environment, users, usersNow, peakPerSecond, uses, firstBreach, capacity, cost, calibratedBy } = report;
  const rows = uses.map(({ resource, utilisation, threshold, breachesAtUsers, basis }) => {
    const share = `${(utilisation * 100).toFixed(0)}%`;
    const shown = utilisation >= 1 ? style.red(share) : utilisation >= threshold ? style.yellow(share) : share;
    return [
      `  ${resource}`,
      shown,
      `${(threshold * 100).toFixed(0)}% at ${whole(breachesAtUsers)} users`,
      style.dim(basis),
    ];
  });
  return [
    `${style.bold(`${environment} with ${whole(users)} users`)} (${whole(usersNow)} now): ${peakPerSecond.toFixed(0)} requests a second at the peak, ${usd(cost.usdPerMonth)} USD/month`,
    "",
    columns(rows),
    "",
    ...(firstBreach === undefined
      ? []
      : [`first to breach: ${style.bold(firstBreach.resource)}, at ${whole(firstBreach.breachesAtUsers)} users`]),
    ...(capacity === undefined
      ? []
      : [
          `capacity: ${capacity.capacityPerSecond.toFixed(0)} requests a second, bound by the ${capacity.binding}; the peak is ${((peakPerSecond / capacity.capacityPerSecond) * 100).toFixed(0)}% of it`,
          ...capacity.assumptions.map((text) => style.dim(`  assumed: ${text}`)),
        ]),
    ...(calibratedBy === null ? [] : [style.dim(`  calibrated by the load of ${calibratedBy.at}`)]),
    ...cost.lines.flatMap(({ item, exceeded }) =>
      exceeded === undefined ? [] : [style.yellow(`  ! ${item}: ${exceeded}`)],
    ),
    ...report.notPredicted.map((text) => style.dim(`  not predicted: ${text}`)),
  ].join("\n");
}

function whole(value: number): string {
  return Number.isFinite(value) ? Math.round(value).toLocaleString("en-US") : "no number of";
}
