import type { CapacityResult } from "../../planning/capacity/capacity-result.ts";
import { uslThroughput } from "../../planning/capacity/usl.ts";
import { axis, chartText, niceAbove } from "./axes.ts";
import { colour } from "./chart-colours.ts";
import type { DescribedChart } from "./described-chart.ts";
import { limitLine, lineSeries, pointSeries } from "./series.ts";

const curvePoints = 60;

/** Throughput over concurrency with the scalability law, and p95 over the rate with its objective. */
export function capacityCharts(result: CapacityResult): readonly DescribedChart[] {
  return [throughput(result), latency(result)];
}

function throughput({ points, usl, kneePerSecond }: CapacityResult): DescribedChart {
  const most = Math.max(1, ...points.map(({ concurrency }) => concurrency));
  const curve =
    usl === null
      ? []
      : Array.from({ length: curvePoints + 1 }, (_, index) => {
          const concurrency = (most * index) / curvePoints;
          return [concurrency, uslThroughput(usl, concurrency)] as const;
        });
  const measured = points.map((point) => [point.concurrency, point.throughputPerSecond] as const);
  return {
    title: "Throughput",
    description: `Answers a second by requests in the shop at a time; the knee is ${kneePerSecond.toFixed(0)} a second.`,
    option: {
      ...chartText(),
      xAxis: axis({ name: "requests in the shop", max: niceAbove(most) }),
      yAxis: axis({ vertical: true, name: "answers a second", min: 0 }),
      series: [
        ...(curve.length === 0 ? [] : [lineSeries("scalability law", curve, colour.second)]),
        pointSeries("measured", measured, colour.first),
      ],
    },
  };
}

function latency({ points, objectives }: CapacityResult): DescribedChart {
  const p95 = points.map((point) => [point.ratePerSecond, point.latencyMs.p95] as const);
  const p50 = points.map((point) => [point.ratePerSecond, point.latencyMs.p50] as const);
  return {
    title: "Latency",
    description: `Milliseconds from the scheduled start by requests a second; the objective is ${objectives.p95Ms} ms for p95.`,
    option: {
      ...chartText(),
      xAxis: axis({ name: "requests a second", min: 0 }),
      yAxis: axis({ vertical: true, name: "ms", min: 1, log: true }),
      series: [
        { ...lineSeries("p95", p95, colour.first, true), ...limitLine(objectives.p95Ms, "objective") },
        lineSeries("p50", p50, colour.third, true),
      ],
    },
  };
}
