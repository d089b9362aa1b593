import { setTimeout as delay } from "node:timers/promises";
import { MetricsHistory } from "../adapters/metrics/history.ts";
import { takeSnapshot } from "../adapters/metrics/take-snapshot.ts";
import type { Session } from "../adapters/session.ts";

/** What `scale watch --json` prints. */
export interface WatchReport {
  readonly schema: "shopctl.scale.watch/1";
  readonly environment: string;
  readonly scrapes: number;
  /** Scrapes in which at least one instance did not answer. */
  readonly incomplete: number;
}

export interface WatchOptions {
  /** Undefined for a single scrape. */
  readonly intervalSeconds: number | undefined;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/** Scrapes and keeps until the signal comes. A shop that does not answer is history too, and ends nothing. */
export async function watch(session: Session, { intervalSeconds, signal, say }: WatchOptions): Promise<WatchReport> {
  const { environment } = session;
  const target = await session.target();
  const history = new MetricsHistory(environment.paths.root);
  let scrapes = 0;
  let incomplete = 0;
  for (let due = Date.now(); !signal.aborted; due += (intervalSeconds ?? 0) * 1_000) {
    const snapshot = await takeSnapshot({ target, say });
    await history.append([snapshot], new Date());
    scrapes += 1;
    if (snapshot.endpoints.some((endpoint) => "missing" in endpoint)) incomplete += 1;
    if (intervalSeconds === undefined) break;
    const restMs = Math.max(0, due + intervalSeconds * 1_000 - Date.now());
    await delay(restMs, undefined, { signal }).catch(() => undefined);
  }
  return { schema: "shopctl.scale.watch/1", environment: environment.name, scrapes, incomplete };
}
