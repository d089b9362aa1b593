import { setTimeout as delay } from "node:timers/promises";
import { reachShop } from "./reach-shop.ts";
import type { TrafficReport, TrafficStats } from "./traffic-report.ts";
import { startTraffic, type TrafficOptions } from "./traffic.ts";

export interface LoadRun {
  readonly traffic: TrafficOptions;
  readonly durationSeconds: number;
  /** Ends the run early; what was sent is still counted. */
  readonly signal: AbortSignal;
  /** Told once a second. */
  readonly onSecond: (second: number, stats: TrafficStats) => void;
}

/** Sends shoppers for a time and stops them. */
export async function runLoad({
  traffic: options,
  durationSeconds,
  signal,
  onSecond,
}: LoadRun): Promise<TrafficReport> {
  const traffic = await reachShop(options.baseUrl, () => startTraffic(options));
  try {
    const startedAt = performance.now();
    for (let second = 1; second <= durationSeconds && !signal.aborted; second += 1) {
      const due = startedAt + second * 1_000;
      await delay(Math.max(0, due - performance.now()), undefined, { signal }).catch(() => undefined);
      onSecond(second, traffic.interval());
    }
  } finally {
    await traffic.stop();
  }
  return await traffic.stop();
}
