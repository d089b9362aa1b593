import type { EChartsCoreOption } from "echarts/core";
import type { SecondOfTraffic } from "../../load/series.ts";
import { axis, chartText } from "./axes.ts";
import { chartStyle, colour } from "./chart-colours.ts";
import { svgChart, type ChartSize } from "./svg-chart.ts";

/** A step on the time line. */
export interface MarkedStep {
  readonly name: string;
  readonly fromMs: number;
  readonly toMs: number;
}

const size: ChartSize = { width: 960, height: 360 };
/** The same in both charts: one moment is one place. */
const grid = { left: 56, right: 24, top: 64, bottom: 56 };
/** Latencies below are one line on the picture. */
const leastMs = 1;

/** What shoppers met over a rollout as one picture that needs nothing else: latency and throughput, its steps marked. */
export function rolloutPicture(seconds: readonly SecondOfTraffic[], steps: readonly MarkedStep[]): string {
  const charts = [latency(seconds, steps), throughput(seconds, steps)];
  const height = size.height * charts.length;
  const placed = charts.map((option, index) =>
    svgChart(option, size).replace("<svg ", `<svg y="${index * size.height}" `),
  );
  const failed = seconds.reduce((sum, second) => sum + second.failed, 0);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${height}" role="img">`,
    `<title>Latency and throughput over a rollout of ${steps.length} steps, ${failed} requests failed</title>`,
    `<style>${chartStyle}</style>`,
    `<rect width="${size.width}" height="${height}" style="fill:var(--paper)"/>`,
    ...placed,
    "</svg>\n",
  ].join("\n");
}

function latency(seconds: readonly SecondOfTraffic[], steps: readonly MarkedStep[]): EChartsCoreOption {
  const of = (valueOf: (second: SecondOfTraffic) => number): Points =>
    points(seconds, (second) => Math.max(leastMs, Math.round(valueOf(second) * 10) / 10));
  return {
    ...chartText("Latency", "ms of each second's requests from their scheduled start, by seconds; logarithmic"),
    grid,
    xAxis: timeAxis(seconds),
    yAxis: { ...axis({ min: leastMs }), type: "log" },
    series: [
      line(
        "p99",
        of(({ p99Ms }) => p99Ms),
        { stroke: colour.second, steps: marks(seconds, steps, { named: false }) },
      ),
      line(
        "p50",
        of(({ p50Ms }) => p50Ms),
        { stroke: colour.first },
      ),
    ],
  };
}

function throughput(seconds: readonly SecondOfTraffic[], steps: readonly MarkedStep[]): EChartsCoreOption {
  return {
    ...chartText("Throughput", "requests by seconds"),
    grid,
    xAxis: timeAxis(seconds),
    yAxis: axis({ min: 0 }),
    series: [
      line(
        "answered",
        points(seconds, ({ answered }) => answered),
        {
          stroke: colour.first,
          steps: marks(seconds, steps, { named: true }),
        },
      ),
      line(
        "refused by limits",
        points(seconds, ({ refused }) => refused),
        { stroke: colour.third },
      ),
      line(
        "failed",
        points(seconds, ({ failed }) => failed),
        { stroke: colour.limit },
      ),
    ],
  };
}

type Points = readonly (readonly [seconds: number, value: number])[];

function points(seconds: readonly SecondOfTraffic[], valueOf: (second: SecondOfTraffic) => number): Points {
  return seconds.map((second) => [sinceStart(seconds, second.atMs), valueOf(second)]);
}

function timeAxis(seconds: readonly SecondOfTraffic[]): object {
  const end = sinceStart(seconds, seconds.at(-1)?.atMs ?? 0);
  return { ...axis({ min: 0, max: Math.ceil(end) }), splitLine: { show: false } };
}

/** Bands, on one of the charts with the steps' names, written upwards from the axis, so that short steps have room. */
function marks(
  seconds: readonly SecondOfTraffic[],
  steps: readonly MarkedStep[],
  { named }: { readonly named: boolean },
): object {
  return {
    silent: true,
    itemStyle: { color: colour.band, borderColor: colour.line, borderWidth: 1 },
    label: {
      color: colour.ink,
      fontSize: 11,
      rotate: 90,
      position: "insideBottom",
      align: "left",
      verticalAlign: "middle",
      distance: 8,
    },
    data: steps.map(({ name, fromMs, toMs }) => [
      { name: named ? name : "", xAxis: sinceStart(seconds, fromMs) },
      { xAxis: sinceStart(seconds, toMs) },
    ]),
  };
}

function line(
  name: string,
  data: Points,
  { stroke, steps }: { readonly stroke: string; readonly steps?: object },
): object {
  return {
    name,
    type: "line",
    data,
    symbol: "none",
    lineStyle: { color: stroke, width: 1.5 },
    itemStyle: { color: stroke },
    ...(steps === undefined ? {} : { markArea: steps }),
  };
}

function sinceStart(seconds: readonly SecondOfTraffic[], atMs: number): number {
  return Math.max(0, Math.round((atMs - (seconds[0]?.atMs ?? atMs)) / 100) / 10);
}
