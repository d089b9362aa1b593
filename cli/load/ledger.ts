import type { Ending, Exchange } from "./exchange.ts";
import type { Shopper } from "./shoppers.ts";
import { startSeries, type Series } from "./series.ts";
import { startSpan } from "./span.ts";
import { isFailure } from "./tally.ts";
import type { FailedRequest, TrafficReport, TrafficStats } from "./traffic-report.ts";

/** Every request of a run: in flight, or ended and counted. */
export interface Ledger {
  readonly sent: (exchange: Exchange) => void;
  readonly ended: (exchange: Exchange, ending: Ending) => void;
  readonly giveUpOlderThan: (scheduledAt: number) => void;
  readonly giveUpAll: () => void;
  /** Resolves when nothing is in flight, or after the time given. */
  readonly drained: (withinMs: number) => Promise<void>;
  readonly inFlight: () => number;
  readonly interval: () => TrafficStats;
  readonly total: () => TrafficReport;
  readonly series: Series;
}

const maxFailedRequests = 20;
/** A token is not used in its last moments: a request takes time, and clocks differ. */
const sparedMs = 30_000;

/** An empty ledger; its time runs from now. */
export function startLedger(): Ledger {
  const inFlight = new Set<Exchange>();
  const failed: FailedRequest[] = [];
  const [all, latest] = [startSpan(), startSpan()];
  const series = startSeries();
  const spans = [all, latest, series.span];
  let whenDrained: (() => void) | undefined;

  return {
    sent: (exchange) => {
      inFlight.add(exchange);
      const lagMs = performance.now() - exchange.scheduledAt;
      for (const { counts, late } of spans) {
        counts.sent(exchange.request.action);
        late(lagMs);
      }
    },
    ended: (exchange, ending) => {
      inFlight.delete(exchange);
      const { action, shopper } = exchange.request;
      if (action === "login" && ending.outcome === "ok") Object.assign(shopper, sessionIn(ending.body));
      for (const { counts } of spans) counts.ended(action, ending.outcome, ending.latencyMs);
      if (failed.length < maxFailedRequests && isFailure(ending.outcome)) failed.push(failureOf(exchange, ending));
      if (inFlight.size === 0) whenDrained?.();
    },
    giveUpOlderThan: (scheduledAt) => {
      // Sent in the order of their times: the first young one ends the search.
      for (const exchange of inFlight) {
        if (exchange.scheduledAt > scheduledAt) return;
        exchange.giveUp("timeout");
      }
    },
    giveUpAll: () => {
      for (const exchange of inFlight) exchange.giveUp("abandoned");
    },
    drained: async (withinMs) => {
      if (inFlight.size === 0) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, withinMs);
      whenDrained = resolve;
      await promise;
      clearTimeout(timer);
    },
    inFlight: () => inFlight.size,
    interval: () => {
      const stats = latest.read(inFlight.size);
      latest.reset();
      return stats;
    },
    total: () => ({ ...all.read(inFlight.size), routes: all.counts.byRoute(), failed: [...failed] }),
    series,
  };
}

function failureOf({ request }: Exchange, { outcome, detail }: Ending): FailedRequest {
  return { at: new Date().toISOString(), action: request.action, address: request.shopper.address, outcome, detail };
}

/** The shopper stays signed out when the answer is not the one that the contract has. */
function sessionIn(body: string): Pick<Shopper, "token" | "tokenEndsAtMs"> {
  const signedOut = { token: undefined, tokenEndsAtMs: 0 };
  try {
    const answer: unknown = JSON.parse(body);
    if (typeof answer !== "object" || answer === null || !("token" in answer && "expiresAt" in answer))
      return signedOut;
    const { token, expiresAt } = answer;
    if (typeof token !== "string" || typeof expiresAt !== "string") return signedOut;
    return { token, tokenEndsAtMs: Date.parse(expiresAt) - sparedMs };
  } catch {
    return signedOut;
  }
}
