import { createHash } from "node:crypto";
import type { RangeSeries } from "./metrics-source.ts";
import type { ReadingTask } from "./reading-task.ts";
import { ownSelector, withMatchers } from "./selectors.ts";
import type { Windows } from "./windows.ts";

/** A recording rule: what the environment's own Prometheus evaluates as time goes, and keeps under a name and labels. */
export interface Recording {
  readonly record: string;
  readonly expr: string;
  /** `of` tells the expression: one that was changed is another series, and what an older one recorded is not taken for it. */
  readonly labels: { readonly job: string; readonly signal: string; readonly of: string };
}

const recordedMetric = "shop:signal:value";

/** The rule that records a query about the shop. `signal` is for people. */
export function recordingOf(signal: string, query: string): Recording {
  const expr = withMatchers(query, ownSelector);
  const of = createHash("sha256").update(expr).digest("hex").slice(0, 12);
  return { record: recordedMetric, expr, labels: { job: "shop", signal, of } };
}

/** What was recorded for windows, of each recording: nothing where no rules ran. */
export async function readRecorded(
  { source, selector }: Pick<ReadingTask, "source" | "selector">,
  recordings: readonly Recording[],
  windows: Windows,
): Promise<(one: Recording) => readonly RangeSeries[]> {
  const wanted = recordings.map(({ labels }) => labels.of).join("|");
  const series = await source.range(withMatchers(`${recordedMetric}{of=~"${wanted}"}`, selector), windows);
  const found = Map.groupBy(series, ({ labels }) => labels["of"]);
  return ({ labels }) => found.get(labels.of) ?? [];
}
