import { figures } from "../../../service/contract/figures.ts";
import type { CostInMonth, Range } from "../../planning/cost/cost-by-month.ts";
import type { UsersAhead } from "../../rollout/users-ahead.ts";
import { axis, chartText, niceAbove, timeAxis } from "./axes.ts";
import { colour } from "./chart-colours.ts";
import type { DescribedChart } from "./described-chart.ts";
import { bandSeries, limitLines, lineSeries, type ChartPoint } from "./series.ts";

const { beginPhase1, completePhase2, completePhase3 } = figures.growth.triggersUsers;
const triggers = [
  { value: beginPhase1, name: "phase 1" },
  { value: completePhase2, name: "phase 2" },
  { value: completePhase3, name: "phase 3" },
];

/** Users so far, the forecast with its range, and the counts at which phases are due. */
export function usersChart({ history, forecast }: UsersAhead): DescribedChart {
  const last = forecast.at(-1);
  const most = Math.max(1, ...history.map(({ users }) => users), ...forecast.map(({ high }) => high));
  // One that lies far above would press everything else to the floor.
  const near = triggers.filter(({ value }) => value <= most * 1.5);
  const until = last === undefined ? "" : ` to ${new Date(last.atMs).toISOString().slice(0, 10)}`;
  return {
    title: "Users",
    description:
      last === undefined
        ? "Registered users so far."
        : `Registered users so far, and the forecast${until}: ${count(last.likely)}, between ${count(last.low)} and ${count(last.high)} (90 of 100 such days).`,
    option: {
      ...withLegend(["users", ...(last === undefined ? [] : ["forecast", "range of the forecast"])]),
      xAxis: timeAxis(),
      yAxis: axis({
        name: "users",
        min: 0,
        max: niceAbove(Math.max(most, ...near.map(({ value }) => value))),
        vertical: true,
      }),
      series: [
        ...bandSeries("range of the forecast", forecast.map(toBand)),
        {
          ...lineSeries(
            "users",
            history.map(({ atMs, users }): ChartPoint => [atMs, users]),
            colour.first,
          ),
          ...limitLines(near),
        },
        {
          ...dashed(
            "forecast",
            forecast.map(({ atMs, likely }): ChartPoint => [atMs, likely]),
          ),
        },
      ],
    },
  };
}

/** What each month to come costs, by the forecast's users. */
export function monthsChart(months: readonly CostInMonth[]): DescribedChart {
  const last = months.at(-1);
  const at = ({ month }: CostInMonth): number => Date.parse(`${month}-01`);
  const most = Math.max(...months.map(({ usdPerMonth }) => usdPerMonth.high));
  return {
    title: "Cost by month",
    description: `Along the forecast of users, each step done when the growth plan asks for it: ${usd(last?.usdPerMonth.likely)} USD in ${last?.month ?? "?"}, between ${usd(last?.usdPerMonth.low)} and ${usd(last?.usdPerMonth.high)}.`,
    option: {
      ...withLegend(["USD a month", "range by the forecast"]),
      xAxis: timeAxis(),
      yAxis: axis({ name: "USD a month", min: 0, max: niceAbove(most), vertical: true }),
      series: [
        ...bandSeries(
          "range by the forecast",
          months.map((one) => toBand({ atMs: at(one), ...one.usdPerMonth })),
        ),
        lineSeries(
          "USD a month",
          months.map((one): ChartPoint => [at(one), one.usdPerMonth.likely]),
          colour.second,
          true,
        ),
      ],
    },
  };
}

function toBand({ atMs, low, high }: { readonly atMs: number } & Range): readonly [number, number, number] {
  return [atMs, Math.max(0, low), high];
}

/** A legend of these alone: a band is two series, one of which is nothing to see. */
function withLegend(names: readonly string[]): object {
  const text = chartText() as { readonly legend: object };
  return { ...text, legend: { ...text.legend, data: names } };
}

function dashed(name: string, data: readonly ChartPoint[]): object {
  return { ...lineSeries(name, data, colour.second), lineStyle: { color: colour.second, width: 2, type: "dashed" } };
}

function count(users: number): string {
  return Math.round(users).toLocaleString("en-US");
}

function usd(amount: number | undefined): string {
  return amount?.toFixed(2) ?? "?";
}
