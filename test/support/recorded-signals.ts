import { prometheusSource } from "../../cli/adapters/metrics/prometheus.ts";
import type { RangeSeries } from "../../cli/advice/metrics-source.ts";
import { adviceRecordings, recordingSeconds } from "../../cli/advice/recordings.ts";

/** A recorded series. */
export interface RecordedSeries extends RangeSeries {
  readonly record: string;
}

/**
 * What the rules of advice would have recorded in a stretch: each rule is evaluated by the Prometheus that has the scrapes, at
 * the times at which its own would have. promtool's backfill of rules does the same, with a block for each rule and two hours.
 */
export async function recordedSignals(
  url: string,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<readonly RecordedSeries[]> {
  const source = prometheusSource({ name: "the history", url });
  const start = Math.ceil(from / recordingSeconds) * recordingSeconds;
  const windows = { start, end: to - 1, stepSeconds: recordingSeconds };
  const recorded = adviceRecordings().map(async ({ record, expr, labels: own }) => {
    const series = await source.range(expr, windows);
    return series.map(({ labels, points }) => ({ record, labels: { ...labels, ...own }, points }));
  });
  return (await Promise.all(recorded)).flat();
}

/** Recorded series as OpenMetrics, without its last line `# EOF`. */
export function* recordedLines(recorded: readonly RecordedSeries[]): Generator<string> {
  for (const [record, series] of Map.groupBy(recorded, (one) => one.record)) {
    yield `# TYPE ${record} unknown\n`;
    for (const { labels, points } of series) {
      const pairs = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
      for (const { at, value } of points) yield `${record}{${pairs.join(",")}} ${value} ${at}\n`;
    }
  }
}
