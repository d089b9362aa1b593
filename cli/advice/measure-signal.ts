import { figures } from "../../service/contract/figures.ts";
import type { Measurement } from "./measurement.ts";
import type { RangeSeries } from "./metrics-source.ts";
import type { ReadingTask } from "./reading-task.ts";
import { withMatchers } from "./selectors.ts";
import { quietLabel, type MeteredSignal } from "./signal.ts";
import type { Span } from "./span.ts";
import { completed, windowText } from "./windows.ts";

/** What is to be read of a signal. */
export interface SignalReading {
  readonly signal: MeteredSignal;
  readonly span: Span;
  readonly lack: Measurement["lack"];
}

/** A signal's values: those that were recorded, and the rest from the scrapes. */
export async function measureSignal(
  { signal, span, lack }: SignalReading,
  { source, topology, selector, now, windowSeconds: asked, facts }: ReadingTask,
  recorded: readonly RangeSeries[],
): Promise<Measurement> {
  const { windows, windowSeconds } = span;
  const per = signal.per?.(topology, facts.observation?.tiers ?? figures.tiers) ?? 1;
  const value = signal.query(windowText(windowSeconds));
  const query = withMatchers(per === 1 ? value : `${value} / ${per}`, selector);
  const base = { signal, query, windowSeconds: signal.over === "instant" ? 0 : windowSeconds, lack };
  if (lack?.leaves === "nothing") return { ...base, points: [], quietAt: [], historySeconds: 0 };
  const series = await completed(
    recorded.map((one) => dividedBy(per, one)),
    { source, query, windows, isWanted: span.isKnown },
  );
  const quietAt = series.filter(isQuiet).flatMap(({ points }) => points.map(({ at }) => at));
  const { points, subject } = largestOf(
    series.filter((one) => !isQuiet(one)),
    signal.names,
  );
  const isEvent = signal.over === "event";
  const quietSoFar = isEvent && points.length === 0 && span.historySeconds >= signal.leastHistorySeconds;
  return {
    ...base,
    points: quietSoFar ? [{ at: now, value: 0 }] : points.filter(({ at }) => span.isKnown(at)),
    quietAt: isEvent ? [] : quietAt.filter((at) => span.isWholly(at)),
    historySeconds: asked === undefined ? span.historySeconds : signal.leastHistorySeconds,
    ...(subject === undefined ? {} : { subject }),
  };
}

function dividedBy(per: number, { labels, points }: RangeSeries): RangeSeries {
  return { labels, points: points.map(({ at, value }) => ({ at, value: value / per })) };
}

function isQuiet({ labels }: RangeSeries): boolean {
  return labels[quietLabel] !== undefined;
}

/** Of several series the largest value at each time; of the newest one, what its series is about. */
function largestOf(series: readonly RangeSeries[], names: string | undefined): Pick<Measurement, "points" | "subject"> {
  const largest = new Map<number, { value: number; labels: Readonly<Record<string, string>> }>();
  for (const { labels, points } of series) {
    for (const { at, value } of points) {
      if (value > (largest.get(at)?.value ?? -Infinity)) largest.set(at, { value, labels });
    }
  }
  const points = [...largest].map(([at, { value }]) => ({ at, value })).toSorted((left, right) => left.at - right.at);
  const last = points.at(-1);
  const subject = last === undefined || names === undefined ? undefined : largest.get(last.at)?.labels[names];
  return subject === undefined ? { points } : { points, subject };
}
