import { colour } from "./chart-colours.ts";

export type ChartPoint = readonly [number, number | null];

/** A line over numbers; `marked` shows its points. */
export function lineSeries(name: string, data: readonly ChartPoint[], stroke: string, marked = false): object {
  return {
    name,
    type: "line",
    data,
    ...(marked ? { symbol: "circle", symbolSize: 6 } : { symbol: "none" }),
    lineStyle: { color: stroke, width: 2 },
    itemStyle: { color: stroke },
  };
}

/** Single points. */
export function pointSeries(name: string, data: readonly ChartPoint[], fill: string): object {
  return { name, type: "scatter", data, symbolSize: 8, itemStyle: { color: fill } };
}

/** A threshold across a series' chart. */
export function limitLine(value: number, name: string): object {
  return {
    markLine: {
      silent: true,
      symbol: "none",
      data: [{ yAxis: value, name }],
      lineStyle: { color: colour.limit, type: "dashed", width: 1.5 },
      label: { formatter: name, position: "insideEndTop", color: colour.limit, fontSize: 12 },
    },
  };
}
