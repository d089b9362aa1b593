import type { Measurements } from "../advice/measurement.ts";
import type { Recommendation } from "../advice/recommend.ts";

/** One signal over the time that is known, with the threshold that makes a step due. */
export interface SignalCurve {
  readonly signal: string;
  readonly meaning: string;
  readonly unit: string;
  readonly threshold: number;
  readonly source: string;
  /** Times in milliseconds since 1970, oldest first. */
  readonly points: readonly { readonly atMs: number; readonly value: number }[];
}

/** Curves of the signals that steps have thresholds for; one value is no curve. */
export function signalCurves({ of }: Measurements, { steps }: Recommendation): readonly SignalCurve[] {
  const evidence = steps.flatMap((step) => step.evidence);
  return [...of.values()].flatMap(({ signal, points }) => {
    const asked = evidence.find((one) => one.signal === signal.name);
    if (points.length < 2 || asked === undefined) return [];
    const { threshold, source } = asked;
    const inTime = points.map(({ at, value }) => ({ atMs: at * 1_000, value }));
    return [{ signal: signal.name, meaning: signal.meaning, unit: signal.unit, threshold, source, points: inTime }];
  });
}
