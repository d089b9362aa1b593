import { colour } from "./chart-colours.ts";

/** Legend and room of a chart; with a title where the picture stands alone. */
export function chartText(title?: string, subtitle?: string): object {
  const heading = {
    text: title,
    subtext: subtitle,
    left: 8,
    top: 6,
    textStyle: { color: colour.ink, fontSize: 14, fontWeight: 600 },
    subtextStyle: { color: colour.muted, fontSize: 12 },
  };
  return {
    ...(title === undefined ? {} : { title: heading }),
    legend: {
      bottom: 4,
      left: 8,
      itemWidth: 18,
      itemHeight: 8,
      itemGap: 20,
      textStyle: { color: colour.ink, fontSize: 12 },
    },
    grid: { left: 12, right: 24, top: title === undefined ? 34 : 60, bottom: 58, containLabel: true },
  };
}

/** An axis of numbers, short ones: `20k`, `1.5M`; the horizontal one has its name below, the vertical one above. */
export function axis(options: {
  readonly name?: string;
  readonly min?: number;
  readonly max?: number;
  readonly log?: boolean;
  readonly vertical?: boolean;
}): object {
  const { name, log = false, vertical = false, ...bounds } = options;
  return {
    type: log ? "log" : "value",
    ...bounds,
    ...(name === undefined ? {} : named(name, vertical)),
    axisLabel: { color: colour.muted, fontSize: 12, hideOverlap: true, formatter: short },
    axisLine: { show: true, lineStyle: { color: colour.line } },
    splitLine: { lineStyle: { color: colour.line, opacity: 0.6 } },
  };
}

/** An axis of days, as month and day. */
export function timeAxis(bounds: { readonly min?: number; readonly max?: number } = {}): object {
  return {
    type: "time",
    ...bounds,
    axisLabel: { color: colour.muted, fontSize: 12, hideOverlap: true, formatter: dayOf },
    axisLine: { show: true, lineStyle: { color: colour.line } },
    splitLine: { show: false },
  };
}

/** A round number above a value, so that a threshold is never the edge and the highest label never beside another. */
export function niceAbove(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 1.5, 2, 3, 5, 7.5, 10].map((factor) => factor * power).find((step) => step > value * 1.05) ?? 20 * power;
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(5, 10);
}

function named(name: string, vertical: boolean): object {
  const text = { color: colour.muted, fontSize: 12 };
  if (vertical) return { name, nameLocation: "end", nameGap: 12, nameTextStyle: { ...text, align: "left" } };
  return { name, nameLocation: "middle", nameGap: 26, nameTextStyle: text };
}

function short(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e6) return `${round(value / 1e6)}M`;
  return size >= 1e4 ? `${round(value / 1e3)}k` : `${round(value)}`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
