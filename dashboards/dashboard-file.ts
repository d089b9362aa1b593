import { overview } from "./overview.ts";
import type { Dashboard, Panel } from "./panel.ts";
import { rollout } from "./rollout.ts";

export const dashboards: readonly Dashboard[] = [overview, rollout];

const columns = 24;
const panelHeight = 8;
/** The provisioned data source; in any other Grafana a person chooses one. */
const datasource = { type: "prometheus", uid: "${datasource}" };

/** A dashboard as Grafana's model (schema 36, which Grafana 9 and later read) has it. */
export function dashboardFile({ uid, title, description, from, refresh, rows }: Dashboard): string {
  const panels: object[] = [];
  let y = 0;
  for (const row of rows) {
    const rowAt = { h: 1, w: columns, x: 0, y };
    panels.push({ id: panels.length + 1, type: "row", title: row.title, collapsed: false, gridPos: rowAt, panels: [] });
    const width = Math.floor(columns / row.panels.length);
    for (const [at, panel] of row.panels.entries()) {
      const gridPos = { h: panelHeight, w: width, x: at * width, y: y + 1 };
      panels.push({ id: panels.length + 1, gridPos, ...timeSeries(panel) });
    }
    y += 1 + panelHeight;
  }
  const model = {
    uid,
    title,
    description,
    tags: ["shopctl"],
    schemaVersion: 36,
    editable: false,
    graphTooltip: 1,
    timezone: "browser",
    refresh,
    time: { from, to: "now" },
    templating: { list: [{ name: "datasource", type: "datasource", query: "prometheus", label: "Prometheus" }] },
    panels,
  };
  return `${JSON.stringify(model, undefined, 2)}\n`;
}

function timeSeries({ title, description, unit, queries, threshold }: Panel): object {
  const steps = [
    { color: "green", value: null },
    ...(threshold === undefined ? [] : [{ color: "red", value: threshold }]),
  ];
  return {
    type: "timeseries",
    title,
    description,
    datasource,
    fieldConfig: {
      defaults: {
        unit,
        min: 0,
        thresholds: { mode: "absolute", steps },
        custom: { fillOpacity: 10, thresholdsStyle: { mode: threshold === undefined ? "off" : "line" } },
      },
      overrides: [],
    },
    options: { legend: { displayMode: "list", placement: "bottom" }, tooltip: { mode: "multi", sort: "desc" } },
    targets: queries.map(({ expr, legend }, at) => ({
      refId: String.fromCodePoint(65 + at),
      datasource,
      expr,
      legendFormat: legend,
    })),
  };
}
