import type { Sample, Snapshot } from "../../advice/snapshot.ts";

/** Samples that only grow: a series of one that appears on an instance scraped before stood at zero then. */
const countsUp = /_(?:total|bucket|count|sum)$/;

/**
 * Snapshots, oldest first, as OpenMetrics text, which `promtool tsdb create-blocks-from openmetrics` takes: job and instance as
 * labels, a label of those names in the exposition as `exported_…`, and `up` of each scrape, as a Prometheus that scraped
 * would have it. Types are all `unknown`: they mean nothing to a query, and any other forbids names.
 */
export function openMetrics(snapshots: readonly Snapshot[]): string {
  const families = new Map<string, string[]>();
  const seen = new Set<string>();
  const scrapedAt = new Map<string, number>();
  const write = (name: string, series: string, value: number, seconds: number): void => {
    const lines = families.get(name) ?? [];
    if (lines.length === 0) families.set(name, lines);
    lines.push(`${series} ${value} ${seconds}`);
  };
  for (const snapshot of snapshots) {
    const seconds = Date.parse(snapshot.at) / 1_000;
    for (const { job, instance, ...endpoint } of snapshot.endpoints) {
      const target = { job, instance };
      const before = scrapedAt.get(`${job} ${instance}`);
      write("up", seriesOf({ name: "up", labels: {} }, target), "samples" in endpoint ? 1 : 0, seconds);
      if (!("samples" in endpoint)) continue;
      for (const sample of endpoint.samples) {
        const series = seriesOf(sample, target);
        const isNew = countsUp.test(sample.name) && !seen.has(series);
        seen.add(series);
        if (isNew && before !== undefined) write(sample.name, series, 0, before);
        write(sample.name, series, sample.value, seconds);
      }
      scrapedAt.set(`${job} ${instance}`, seconds);
    }
  }
  const text = [...families].flatMap(([name, lines]) => [`# TYPE ${name} unknown`, ...lines]);
  return `${[...text, "# EOF"].join("\n")}\n`;
}

function seriesOf({ name, labels }: Pick<Sample, "name" | "labels">, target: Readonly<Record<string, string>>): string {
  const own = Object.entries(labels).map(([label, value]) => [label in target ? `exported_${label}` : label, value]);
  const pairs = [...Object.entries(target), ...own].map(([label = "", value = ""]) => `${label}="${escape(value)}"`);
  return `${name}{${pairs.join(",")}}`;
}

function escape(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
