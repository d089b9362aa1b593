import { colour } from "./chart-colours.ts";

/** Title, legend and room of a chart. */
export function chartText(title: string, subtitle: string): object {
  return {
    title: {
      text: title,
      subtext: subtitle,
      left: 8,
      top: 6,
      textStyle: { color: colour.ink, fontSize: 14, fontWeight: 600 },
      subtextStyle: { color: colour.muted, fontSize: 12 },
    },
    legend: {
      bottom: 4,
      left: 8,
      itemWidth: 18,
      itemHeight: 8,
      itemGap: 20,
      textStyle: { color: colour.ink, fontSize: 12 },
    },
    grid: { left: 12, right: 24, top: 60, bottom: 40, containLabel: true },
  };
}

/** An axis of numbers, short ones: `20k`, `1.5M`. */
export function axis(bounds: { readonly min?: number; readonly max?: number }): object {
  return {
    type: "value",
    ...bounds,
    axisLabel: { color: colour.muted, fontSize: 12, hideOverlap: true, formatter: short },
    axisLine: { show: true, lineStyle: { color: colour.line } },
    splitLine: { lineStyle: { color: colour.line, opacity: 0.6 } },
  };
}

function short(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e6) return `${round(value / 1e6)}M`;
  return size >= 1e4 ? `${round(value / 1e3)}k` : `${round(value)}`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
