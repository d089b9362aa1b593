import type { SignalName } from "../phases/step.ts";
import { judgedDays } from "./level.ts";
import type { Measurement, Measurements } from "./measurement.ts";
import type { MetricsSource } from "./metrics-source.ts";
import { readPresence, type Presence } from "./presence.ts";
import type { ReadingTask } from "./reading-task.ts";
import { withMatchers } from "./selectors.ts";
import type { HostSignal, MeteredSignal } from "./signal.ts";
import { readTimeKnown, type TimeKnown } from "./time-known.ts";

/** A trend of seasons takes some weeks; older growth says little about the next. */
const forecastDays = 56;
const daySeconds = 86_400;
const hourSeconds = 3_600;

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
  const base = { signal, query: signal.source, windowSeconds: 0, historySeconds: 0 };
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
  const hours = task.windowSeconds === undefined && known.hours.size > 0;
  const whole = (signal.windowHours ?? 1) * hourSeconds;
  const run = task.windowSeconds ?? known.runSeconds;
  // The scrapes at both ends count: now is a full second, and a scrape right at the edge is outside for some versions.
  const windowSeconds = hours ? whole : Math.ceil(run) + 2;
  const query = withMatchers(signal.query(`${windowSeconds}s`, task.topology), task.selector);
  const lack = presence.lackOf(signal);
  const base = { signal, query, windowSeconds: signal.over === "instant" ? 0 : windowSeconds, lack };
  if (lack?.leaves === "nothing") return { ...base, points: [], historySeconds: 0 };
  const days = signal.forecast === undefined ? judgedDays : forecastDays;
  const series = await task.source.range(query, {
    start: hours ? task.now - Math.floor((days * daySeconds) / whole) * whole : task.now,
    end: task.now,
    stepSeconds: whole,
  });
  const { points, subject } = largestOf(series, signal.names);
  const isKnown = ({ at }: { readonly at: number }): boolean =>
    !hours || signal.over === "instant" || whole !== hourSeconds || known.hours.has(at);
  const kept = points.filter(isKnown);
  const historySeconds = hours ? known.hours.size * hourSeconds : run;
  const nothingHappened =
    signal.over === "event" && points.length === 0 && historySeconds >= signal.leastHistorySeconds;
  return {
    ...base,
    points: nothingHappened ? [{ at: task.now, value: 0 }] : kept,
    historySeconds: task.windowSeconds === undefined ? historySeconds : Math.max(run, signal.leastHistorySeconds),
    ...(subject === undefined ? {} : { subject }),
  };
}

/** Of several series the largest value at each time; of the newest one, what its series is about. */
function largestOf(
  series: Awaited<ReturnType<MetricsSource["range"]>>,
  names: string | undefined,
): Pick<Measurement, "points" | "subject"> {
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
