import type { SignalName } from "../phases/step.ts";
import { measureSignal, type SignalReading } from "./measure-signal.ts";
import type { Measurement, Measurements } from "./measurement.ts";
import type { RangeSeries } from "./metrics-source.ts";
import { readPresence } from "./presence.ts";
import type { ReadingTask } from "./reading-task.ts";
import { readRecorded } from "./recording.ts";
import { recordingOfSignal } from "./recordings.ts";
import type { HostSignal } from "./signal.ts";
import { forecastDays, spanOf } from "./span.ts";
import { readTimeKnown } from "./time-known.ts";
import { beforeNewest } from "./windows.ts";

/**
 * Reads every signal, so that what travels is a window's value and not its samples: what the rules of the monitoring step
 * recorded, and from the scrapes the windows of which they recorded nothing, and always the newest.
 */
export async function readSignals(task: ReadingTask): Promise<Measurements> {
  const metered = task.signals.filter((signal) => signal.over !== "host");
  const [presence, known] = await Promise.all([readPresence(task, metered), readTimeKnown(task, forecastDays)]);
  const readings = metered.map((signal) => ({
    signal,
    span: spanOf(signal, task, known),
    lack: presence.lackOf(signal),
  }));
  const recorded = await readAllRecorded(readings, task);
  const measured = await Promise.all(
    readings.map((reading) => measureSignal(reading, task, recorded.get(reading.signal.name) ?? [])),
  );
  const ofHost = task.signals.filter((signal) => signal.over === "host").map((signal) => measureHost(signal, task));
  return { now: task.now, of: new Map([...measured, ...ofHost].map((one) => [one.signal.name, one])) };
}

/** One query for all signals that are read of the same windows. */
async function readAllRecorded(
  readings: readonly SignalReading[],
  task: ReadingTask,
): Promise<ReadonlyMap<SignalName, readonly RangeSeries[]>> {
  const groups = Map.groupBy(readings, ({ span: { windows } }) => `${windows.start} ${windows.stepSeconds}`);
  const read = [...groups.values()].map(async (group) => {
    const windows = group[0] && beforeNewest(group[0].span.windows);
    if (windows === undefined) return [];
    const recordings = group.map(({ signal }) => ({ name: signal.name, recording: recordingOfSignal(signal) }));
    const recordedOf = await readRecorded(
      task,
      recordings.map(({ recording }) => recording),
      windows,
    );
    return recordings.map(({ name, recording }) => [name, recordedOf(recording)] as const);
  });
  return new Map((await Promise.all(read)).flat());
}

function measureHost(signal: HostSignal, { now, facts }: ReadingTask): Measurement {
  const reading = signal.read(facts);
  const base = { signal, query: signal.source, windowSeconds: 0, quietAt: [], historySeconds: 0 };
  return "missing" in reading
    ? { ...base, points: [], lack: { why: reading.missing, leaves: "nothing" } }
    : { ...base, points: [{ at: now, value: reading.value }], lack: null };
}
