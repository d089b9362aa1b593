import type { Measurement, Measurements } from "../../../cli/advice/measurement.ts";
import { signals } from "../../../cli/advice/signals.ts";
import type { SignalName } from "../../../cli/phases/step.ts";

/** A value that held all the time, or why there is none; with `lowerBound` it may be more. */
export type Read =
  | { readonly value: number; readonly lowerBound?: string }
  | { readonly missing: string }
  /** In every window there was too little to judge. */
  | { readonly quiet: true };

export const nowOfTests = Date.parse("2026-01-01T00:00:10.000Z") / 1_000;

/** Measurements of a week in which every signal stood still; what is not given is not exported. */
export function measured(readings: Partial<Record<SignalName, Read>>): Measurements {
  const week = 7 * 86_400;
  const one = (signal: (typeof signals)[number]): Measurement => {
    const reading = readings[signal.name] ?? { missing: `${signal.name} is not exported` };
    const query = signal.over === "host" ? signal.source : signal.query("3600s");
    const base = {
      signal,
      query,
      windowSeconds: signal.over === "window" ? 3_600 : 0,
      historySeconds: week,
      quietAt: [],
    };
    const hours = Array.from({ length: 73 }, (_, hour) => nowOfTests - (72 - hour) * 3_600);
    const days = [0, 1, 2, 3].map((day) => nowOfTests - (3 - day) * 86_400);
    if ("missing" in reading) return { ...base, points: [], lack: { why: reading.missing, leaves: "nothing" } };
    if ("quiet" in reading) return { ...base, points: [], quietAt: hours, lack: null };
    const { lowerBound } = reading;
    return {
      ...base,
      points: days.map((at) => ({ at, value: reading.value })),
      lack: lowerBound === undefined ? null : { why: lowerBound, leaves: "lower-bound" },
    };
  };
  return { now: nowOfTests, of: new Map(signals.map((signal) => [signal.name, one(signal)])) };
}
