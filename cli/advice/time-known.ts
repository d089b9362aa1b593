import { metricNames } from "../../service/contract/metrics.ts";
import type { RangeSeries } from "./metrics-source.ts";
import type { ReadingTask } from "./reading-task.ts";
import { readRecorded, recordingOf, type Recording } from "./recording.ts";
import { withMatchers } from "./selectors.ts";
import { completed } from "./windows.ts";

/** What of the past was measured at all. */
export interface TimeKnown {
  /** Ends of the hours, counted back from now, of which at least 50 minutes were. */
  readonly hours: ReadonlySet<number>;
  /** Length of the unbroken run of scrapes that ends now. */
  readonly runSeconds: number;
}

const hourSeconds = 3_600;
/** Of twelve looks in an hour. A rate over an hour that was measured for two minutes would look thirty times too small. */
const looksOfAKnownHour = 10;
/** A longer silence could hide anything. */
const breakSeconds = 300;

/** How many looks of the last hour found any instance scraped. */
const looksOfAnHour = `count_over_time(count(up or ${metricNames.buildInfo})[1h:5m])`;

/** Records which hours were scraped. */
export function hoursKnown(): Recording {
  return recordingOf("hours-known", looksOfAnHour);
}

/** Which hours were scraped, and since when without a break. */
export async function readTimeKnown(
  { source, selector, now }: Pick<ReadingTask, "source" | "selector" | "now">,
  days: number,
): Promise<TimeKnown> {
  const newest = withMatchers(`max(timestamp(up) or timestamp(${metricNames.buildInfo}))`, selector);
  const [looks, scrapes] = await Promise.all([
    readLooks({ source, selector, now }, days),
    source.range(newest, { start: now - hourSeconds, end: now, stepSeconds: 10 }),
  ]);
  const hours = looks.flatMap(({ points }) => points.filter(({ value }) => value >= looksOfAKnownHour));
  return {
    hours: new Set(hours.map(({ at }) => at)),
    runSeconds: runUntil(now, scrapes[0]?.points.map(({ value }) => value) ?? []),
  };
}

async function readLooks(
  { source, selector, now }: Pick<ReadingTask, "source" | "selector" | "now">,
  days: number,
): Promise<readonly RangeSeries[]> {
  const windows = { start: now - days * 24 * hourSeconds, end: now, stepSeconds: hourSeconds };
  const recording = hoursKnown();
  const recordedOf = await readRecorded({ source, selector }, [recording], { ...windows, end: now - hourSeconds });
  const query = withMatchers(looksOfAnHour, selector);
  return await completed(recordedOf(recording), { source, query, windows, isWanted: () => true });
}

/** From the first scrape of the run to now; `scrapes` are times of scrapes, oldest first. */
function runUntil(now: number, scrapes: readonly number[]): number {
  let start = now;
  for (const at of scrapes.toReversed()) {
    if (start - at > breakSeconds) break;
    start = at;
  }
  return now - start;
}
