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

/** The room between a low and a high edge; only the second of its series is to be seen, and has the name. */
export function bandSeries(name: string, data: readonly (readonly [x: number, low: number, high: number])[]): object[] {
  const edge = { type: "line", stack: name, symbol: "none", silent: true, lineStyle: { opacity: 0 } };
  return [
    { ...edge, data: data.map(([x, low]): ChartPoint => [x, low]) },
    {
      ...edge,
      name,
      data: data.map(([x, low, high]): ChartPoint => [x, high - low]),
      areaStyle: { color: colour.band, opacity: 1 },
      itemStyle: { color: colour.band },
    },
  ];
}

/** A threshold across a series' chart. */
export function limitLine(value: number, name: string): object {
  // What is due ends above it, so its name stands where it began.
  return limitLines([{ value, name }], "insideStartTop");
}

/** Thresholds across a series' chart. */
export function limitLines(
  limits: readonly { readonly value: number; readonly name: string }[],
  position = "insideEndTop",
): object {
  return {
    markLine: {
      silent: true,
      symbol: "none",
      data: limits.map(({ value, name }) => ({ yAxis: value, name })),
      lineStyle: { color: colour.limit, type: "dashed", width: 1.5 },
      label: { formatter: "{b}", position, color: colour.limit, fontSize: 12 },
    },
  };
}
