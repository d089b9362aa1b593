import type { DescribedChart } from "../charts/described-chart.ts";
import { svgChart, type ChartSize } from "../charts/svg-chart.ts";
import { escapeHtml } from "./html.ts";

const wide: ChartSize = { width: 760, height: 320 };
const narrow: ChartSize = { width: 328, height: 300 };

/** A chart in a page, drawn twice: scaled to a phone, text of the wide one could not be read. The page's style shows one. */
export function htmlFigure({ title, description, option, narrowOption }: DescribedChart): string {
  const drawn = (name: string, size: ChartSize, shown: DescribedChart["option"]): string =>
    `<div class="${name}" role="img" aria-label="${escapeHtml(`${title}. ${description}`)}">${svgChart(shown, size)}</div>`;
  return [
    `<figure><figcaption><b>${escapeHtml(title)}</b> ${escapeHtml(description)}</figcaption>`,
    drawn("wide", wide, option),
    drawn("narrow", narrow, narrowOption ?? option),
    "</figure>",
  ].join("\n");
}
