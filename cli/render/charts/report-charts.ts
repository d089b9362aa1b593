import type { CostAtUsers } from "../../planning/cost/cost-by-users.ts";
import type { SignalCurve } from "../../rollout/signal-curves.ts";
import { axis, chartText, niceAbove, timeAxis } from "./axes.ts";
import { colour } from "./chart-colours.ts";
import type { DescribedChart } from "./described-chart.ts";
import { limitLine, lineSeries, type ChartPoint } from "./series.ts";

/** A signal over time with its threshold. */
export function signalChart({ signal, meaning, unit, threshold, source, points }: SignalCurve): DescribedChart {
  const data: readonly ChartPoint[] = points.map(({ atMs, value }) => [atMs, value]);
  const highest = Math.max(threshold, ...points.map(({ value }) => value));
  return {
    title: signal,
    description: `${meaning}. The threshold is ${threshold} (${source}).`,
    option: {
      ...chartText(),
      xAxis: timeAxis(),
      yAxis: axis({ name: unit, min: 0, max: niceAbove(highest), vertical: true }),
      series: [
        {
          ...lineSeries(signal, data, colour.first, data.length < 40),
          ...limitLine(threshold, "threshold"),
        },
      ],
    },
  };
}

/** The bill as users grow, in steps where the growth plan asks for some. */
export function costChart(costs: readonly CostAtUsers[]): DescribedChart {
  const [first, last] = [costs.at(0), costs.at(-1)];
  const data: readonly ChartPoint[] = costs.map(({ users, usdPerMonth }) => [users, usdPerMonth]);
  return {
    title: "Cost by users",
    description: `From ${first?.usdPerMonth.toFixed(2) ?? "?"} at ${(first?.users ?? 0).toLocaleString("en-US")} users to ${last?.usdPerMonth.toFixed(2) ?? "?"} USD a month at ${(last?.users ?? 0).toLocaleString("en-US")} users, each step done when the growth plan asks for it.`,
    option: {
      ...chartText(),
      xAxis: axis({ name: "users", min: first?.users ?? 0, max: last?.users ?? 1 }),
      yAxis: axis({ name: "USD a month", min: 0, vertical: true }),
      series: [{ ...lineSeries("USD a month", data, colour.first), step: "end" }],
    },
  };
}
