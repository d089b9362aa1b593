import type { SignalName } from "../phases/step.ts";
import { judgedDays } from "./level.ts";
import type { Measurement, Measurements } from "./measurement.ts";
import type { MetricsSource } from "./metrics-source.ts";
import { readPresence, type Presence } from "./presence.ts";
import type { ReadingTask } from "./reading-task.ts";
import { withMatchers } from "./selectors.ts";
import { quietLabel, type HostSignal, type MeteredSignal } from "./signal.ts";
import { readTimeKnown, type TimeKnown } from "./time-known.ts";

/** A trend of seasons takes some weeks; older growth says little about the next. */
const forecastDays = 56;
const daySeconds = 86_400;
const hourSeconds = 3_600;
/** What moves slowly is looked at four times a day: the newest look is now, and each day has one at this time of day. */
const instantStepSeconds = 6 * hourSeconds;
/** The share of an hour's looks that make it a known one (`cli/advice/time-known.ts`). */
const wholeShare = 10 / 12;

/** Reads every signal: one range query each, so that what travels is an hour's value and not its samples. */
export async function readSignals(task: ReadingTask): Promise<Measurements> {
  const metered = task.signals.filter((signal) => signal.over !== "host");
  const [presence, known] = await Promise.all([readPresence(task, metered), readTimeKnown(task, forecastDays)]);
  const read = await Promise.all(
    task.signals.map(async (signal): Promise<readonly [SignalName, Measurement]> => [
      signal.name,
      signal.over === "host" ? ofHost(signal, task) : await ofSource(signal, task, presence, known),
    ]),
  );
  return { now: task.now, of: new Map(read) };
}

function ofHost(signal: HostSignal, { now, facts }: ReadingTask): Measurement {
  const reading = signal.read(facts);
  const base = { signal, query: signal.source, windowSeconds: 0, quietAt: [], historySeconds: 0 };
  return "missing" in reading
    ? { ...base, points: [], lack: { why: reading.missing, leaves: "nothing" } }
    : { ...base, points: [{ at: now, value: reading.value }], lack: null };
}

async function ofSource(
  signal: MeteredSignal,
  task: ReadingTask,
  presence: Presence,
  known: TimeKnown,
): Promise<Measurement> {
  const span = spanOf(signal, task, known);
  const { windowSeconds, stepSeconds } = span;
  const query = withMatchers(signal.query(`${windowSeconds}s`, task.topology), task.selector);
  const lack = presence.lackOf(signal);
  const base = { signal, query, windowSeconds: signal.over === "instant" ? 0 : windowSeconds, lack };
  if (lack?.leaves === "nothing") return { ...base, points: [], quietAt: [], historySeconds: 0 };
  const series = await task.source.range(query, { start: span.start, end: task.now, stepSeconds });
  const quietAt = series.filter(isQuiet).flatMap(({ points }) => points.map(({ at }) => at));
  const { points, subject } = largestOf(
    series.filter((one) => !isQuiet(one)),
    signal.names,
  );
  const quietSoFar =
    signal.over === "event" && points.length === 0 && span.historySeconds >= signal.leastHistorySeconds;
  return {
    ...base,
    points: quietSoFar ? [{ at: task.now, value: 0 }] : points.filter(({ at }) => span.isKnown(at)),
    quietAt: quietAt.filter((at) => span.isWholly(at)),
    historySeconds: task.windowSeconds === undefined ? span.historySeconds : signal.leastHistorySeconds,
    ...(subject === undefined ? {} : { subject }),
  };
}

interface Span {
  readonly start: number;
  readonly stepSeconds: number;
  readonly windowSeconds: number;
  readonly historySeconds: number;
  readonly isKnown: (at: number) => boolean;
  /** Whether so much of the window was measured that what was not could hide little. */
  readonly isWholly: (at: number) => boolean;
}

/** Hour by hour as far back as there is anything known, and of this topology; else one window, as long as it goes. */
function spanOf(signal: MeteredSignal, task: ReadingTask, { hours, runSeconds }: TimeKnown): Span {
  const stepSeconds = signal.over === "instant" ? instantStepSeconds : (signal.windowHours ?? 1) * hourSeconds;
  const since = signal.over === "instant" ? -Infinity : (task.since ?? -Infinity);
  const counted = [...hours].filter((at) => at - hourSeconds >= since);
  const tooLong = task.now - since < stepSeconds;
  if (task.windowSeconds !== undefined || counted.length === 0 || tooLong) {
    const run = Math.min(task.windowSeconds ?? (tooLong ? stepSeconds : runSeconds), Math.max(0, task.now - since));
    // The scrapes at both ends count: now is a full second, and a scrape right at the edge is outside for some versions.
    const windowSeconds = Math.ceil(run) + 2;
    return {
      start: task.now,
      stepSeconds,
      windowSeconds,
      historySeconds: run,
      isKnown: () => true,
      isWholly: () => true,
    };
  }
  const days = signal.forecast === undefined ? judgedDays : forecastDays;
  const looksByHour = signal.over === "window" && stepSeconds === hourSeconds;
  const known = new Set(counted);
  const isKnown = (at: number): boolean => (looksByHour ? known.has(at) : at - stepSeconds >= since);
  const knownIn = (at: number): number => counted.filter((hour) => hour <= at && hour > at - stepSeconds).length;
  return {
    start: task.now - Math.floor((days * daySeconds) / stepSeconds) * stepSeconds,
    stepSeconds,
    windowSeconds: stepSeconds,
    historySeconds: counted.length * hourSeconds,
    isKnown,
    isWholly: (at) => isKnown(at) && knownIn(at) * hourSeconds >= wholeShare * stepSeconds,
  };
}

type Series = Awaited<ReturnType<MetricsSource["range"]>>[number];

function isQuiet({ labels }: Series): boolean {
  return labels[quietLabel] !== undefined;
}

/** Of several series the largest value at each time; of the newest one, what its series is about. */
function largestOf(series: readonly Series[], names: string | undefined): Pick<Measurement, "points" | "subject"> {
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
