import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseExposition } from "../../../cli/adapters/metrics/parse-exposition.ts";
import { dashboardFile, dashboards } from "../../../dashboards/dashboard-file.ts";
import { metricNames } from "../../../service/contract/metrics.ts";
import { metricsIn } from "../../support/metrics-in.ts";

const root = join(import.meta.dirname, "..", "..", "..");
const textOf = (...path: string[]): string => readFileSync(join(root, ...path), "utf8");
const panels = dashboards.flatMap(({ rows }) => rows.flatMap((row) => row.panels));
const queries = panels.flatMap((panel) => panel.queries.map(({ expr }) => expr));

/** What exports them here: the contract, HAProxy as it was recorded, and our own exporters. Those of others have a test of their own. */
const shop: ReadonlySet<string> = new Set(Object.values(metricNames));
const haproxy = new Set(
  parseExposition(textOf("test", "unit", "advice", "fixtures", "haproxy-2.6.txt")).samples.map(({ name }) => name),
);
const own =
  textOf("infra", "local", "pgbouncer-exporter", "pooler-metrics.ts") +
  textOf("infra", "local", "cdn-control", "count-requests.ts");

function isExported(name: string): boolean {
  if (name.startsWith("haproxy_")) return haproxy.has(name);
  if (/^(pgbouncer|cdn)_/.test(name)) return own.includes(`"${name}"`);
  return /^(pg|redis)_/.test(name) || shop.has(name.replace(/_bucket$/, ""));
}

describe("the dashboards", () => {
  it("are committed as the code has them: npm run dashboards", () => {
    for (const dashboard of dashboards) {
      expect(textOf("dashboards", "generated", `${dashboard.uid}.json`)).toBe(dashboardFile(dashboard));
    }
  });

  it.each(queries)("ask PromQL for metrics that there are: %s", (query) => {
    const names = metricsIn(query);
    expect(names.length).toBeGreaterThan(0);
    expect(names.filter((name) => !isExported(name))).toEqual([]);
  });

  it("say of each panel what it tells, and lay them out without gaps or overlaps", () => {
    expect(panels.filter(({ description }) => description === "")).toEqual([]);
    for (const dashboard of dashboards) {
      const model = JSON.parse(dashboardFile(dashboard)) as {
        panels: { id: number; gridPos: { h: number; w: number; x: number; y: number } }[];
      };
      const cells = model.panels.flatMap(({ gridPos: { h, w, x, y } }) =>
        Array.from({ length: h * w }, (_, at) => `${x + (at % w)},${y + Math.floor(at / w)}`),
      );
      expect(new Set(cells).size).toBe(cells.length);
      expect(Math.max(...model.panels.map(({ gridPos }) => gridPos.x + gridPos.w))).toBe(24);
      expect(new Set(model.panels.map(({ id }) => id)).size).toBe(model.panels.length);
    }
  });
});
