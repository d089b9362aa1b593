import { breakEvenCharts } from "./break-even-charts.ts";
import { chartStyle } from "./chart-colours.ts";
import { svgChart, type ChartSize } from "./svg-chart.ts";

const size: ChartSize = { width: 760, height: 320 };

/** The break-evens as one picture that needs nothing else, light or dark as its viewer is. */
export function breakEvenPicture(): string {
  const charts = breakEvenCharts();
  const height = size.height * charts.length;
  const placed = charts.map(({ option }, index) =>
    svgChart(option, size).replace("<svg ", `<svg y="${index * size.height}" `),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${height}" role="img">`,
    "<title>What mail and Redis cost a month by volume</title>",
    `<style>${chartStyle}</style>`,
    `<rect width="${size.width}" height="${height}" style="fill:var(--paper)"/>`,
    ...placed,
    "</svg>\n",
  ].join("\n");
}
