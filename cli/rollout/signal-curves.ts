import type { Topology } from "../../infra/topology/topology.ts";
import { MetricsHistory } from "../adapters/metrics/history.ts";
import type { Session } from "../adapters/session.ts";
import type { Recommendation } from "../advice/recommend.ts";
import { measure, signals } from "../advice/signals.ts";

/** One signal over the time that is known, with the threshold that makes a step due. */
export interface SignalCurve {
  readonly signal: string;
  readonly meaning: string;
  readonly unit: string;
  /** Null for a signal that no step has a threshold for. */
  readonly threshold: number | null;
  readonly source: string;
  /** Times in milliseconds since 1970, oldest first. */
  readonly points: readonly { readonly atMs: number; readonly value: number }[];
}

/** Curves of the signals that steps ask for, from the scrapes that were kept under the running topology. */
export async function signalCurves(
  { environment }: Session,
  topology: Topology,
  advice: Recommendation,
): Promise<readonly SignalCurve[]> {
  const kept = await new MetricsHistory(environment.paths.root).read(topology, new Date());
  const pairs = kept.slice(1).map((snapshot, index) => [kept[index] ?? snapshot, snapshot] as const);
  const measured = pairs.map(([before, after]) => ({
    atMs: Date.parse(after.at),
    values: measure({
      snapshots: [before, after],
      history: kept,
      topology,
      observation: undefined,
      environmentCreatedAt: environment.createdAt,
    }),
  }));
  const evidence = advice.steps.flatMap((step) => step.evidence);
  return signals.flatMap((signal) => {
    const points = measured.flatMap(({ atMs, values }) => {
      const reading = values.get(signal.name)?.reading;
      return reading !== undefined && "value" in reading ? [{ atMs, value: reading.value }] : [];
    });
    const asked = evidence.find((one) => one.signal === signal.name);
    if (points.length < 2 || asked === undefined) return [];
    const { threshold, source } = asked;
    return [{ signal: signal.name, meaning: signal.meaning, unit: signal.unit, threshold, source, points }];
  });
}
