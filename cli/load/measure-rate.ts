import { setTimeout as delay } from "node:timers/promises";
import type { Traffic } from "./traffic.ts";
import type { TrafficStats } from "./traffic-report.ts";

/** What one rate gave, its warm-up left out. */
export interface MeasuredRate {
  readonly stats: TrafficStats;
  /** Requests in the shop, on average over the measurement. */
  readonly concurrency: number;
  /** Requests in the shop at its beginning and end: a difference is a queue that grows. */
  readonly inFlight: { readonly first: number; readonly last: number };
}

const sampleMs = 50;

/** Sends at a rate: warm-up, then counts. `whileMeasured` is called when counting begins and when it ended. */
export async function measureRate(
  traffic: Traffic,
  options: {
    readonly ratePerSecond: number;
    readonly warmUpSeconds: number;
    readonly seconds: number;
    readonly signal: AbortSignal;
    readonly atEdge: () => Promise<void>;
  },
): Promise<MeasuredRate> {
  const { ratePerSecond, warmUpSeconds, seconds, signal, atEdge } = options;
  traffic.setRate(ratePerSecond);
  await rest(warmUpSeconds * 1_000, signal);
  await atEdge();
  traffic.interval();
  const first = traffic.inFlight();
  const end = performance.now() + seconds * 1_000;
  let [sum, samples] = [0, 0];
  while (performance.now() < end && !signal.aborted) {
    await rest(sampleMs, signal);
    sum += traffic.inFlight();
    samples += 1;
  }
  const stats = traffic.interval();
  const last = traffic.inFlight();
  await atEdge();
  return { stats, concurrency: samples === 0 ? 0 : sum / samples, inFlight: { first, last } };
}

/** Lets what is queued be answered before the next rate; at most this long. */
export async function drain(traffic: Traffic, withinMs: number, signal: AbortSignal): Promise<void> {
  traffic.setRate(0);
  const end = performance.now() + withinMs;
  while (traffic.inFlight() > 0 && performance.now() < end && !signal.aborted) await rest(sampleMs, signal);
}

async function rest(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => undefined);
}
