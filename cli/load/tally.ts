import { build, type Histogram } from "hdr-histogram-js";
import { actions, type Action } from "./mix.ts";

/** How a request ended. `refused` (429) and `soldOut` (409 on an order) are the shop's good answers; `ok` is the expected status. */
export type Outcome =
  | "ok"
  | "refused"
  | "soldOut"
  | "clientError"
  | "serverError"
  | "connectionError"
  | "timeout"
  | "unexpected"
  | "abandoned";

/** Endings that are the shop's fault, or that nobody planned; nothing is retried, so each is one failed request of a shopper. */
const failureOutcomes = [
  "clientError",
  "serverError",
  "connectionError",
  "timeout",
  "unexpected",
] as const satisfies readonly Outcome[];

export function isFailure(outcome: Outcome): boolean {
  return failureOutcomes.some((failure) => failure === outcome);
}

/** Counts of one route or of all; `sent` is the sum of the outcomes and of what is in flight. */
export interface Counts extends Readonly<Record<Outcome, number>> {
  readonly sent: number;
  readonly failures: number;
  /** From the scheduled start, in ms; 0 without an answer. Refusals are in `longest` and not in the percentiles: they are fast and serve nobody. */
  readonly latencyMs: { readonly p50: number; readonly p95: number; readonly p99: number; readonly longest: number };
}

/** A place where requests are counted, once each when sent and once when ended. */
export interface Tally {
  sent(action: Action): void;
  ended(action: Action, outcome: Outcome, latencyMs: number): void;
  all(): Counts;
  byRoute(): Readonly<Record<Action, Counts>>;
  reset(): void;
}

/** Latencies are kept in µs to three digits, up to this. */
const longestUs = 60_000_000;

export function tally(): Tally {
  const routes = mapActions(counter);
  const all = counter();
  return {
    sent: (action) => {
      all.counts.sent += 1;
      routes[action].counts.sent += 1;
    },
    ended: (action, outcome, latencyMs) => {
      all.end(outcome, latencyMs);
      routes[action].end(outcome, latencyMs);
    },
    all: () => all.read(),
    byRoute: () => mapActions((action) => routes[action].read()),
    reset: () => {
      all.reset();
      for (const action of actions) routes[action].reset();
    },
  };
}

interface Counter {
  readonly counts: Record<Outcome | "sent", number>;
  end(outcome: Outcome, latencyMs: number): void;
  read(): Counts;
  reset(): void;
}

function counter(): Counter {
  const latencies: Histogram = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: longestUs,
    numberOfSignificantValueDigits: 3,
  });
  const counts = noCounts();
  let longestMs = 0;
  const quantile = (percent: number): number =>
    latencies.totalCount === 0 ? 0 : latencies.getValueAtPercentile(percent) / 1_000;
  return {
    counts,
    end: (outcome, latencyMs) => {
      counts[outcome] += 1;
      if (outcome === "abandoned") return;
      longestMs = Math.max(longestMs, latencyMs);
      if (outcome !== "refused") latencies.recordValue(Math.min(longestUs, Math.max(1, Math.round(latencyMs * 1_000))));
    },
    read: () => ({
      ...counts,
      failures: failureOutcomes.reduce((sum, outcome) => sum + counts[outcome], 0),
      latencyMs: { p50: quantile(50), p95: quantile(95), p99: quantile(99), longest: longestMs },
    }),
    reset: () => {
      Object.assign(counts, noCounts());
      latencies.reset();
      longestMs = 0;
    },
  };
}

function noCounts(): Record<Outcome | "sent", number> {
  return {
    sent: 0,
    ok: 0,
    refused: 0,
    soldOut: 0,
    clientError: 0,
    serverError: 0,
    connectionError: 0,
    timeout: 0,
    unexpected: 0,
    abandoned: 0,
  };
}

function mapActions<T>(valueOf: (action: Action) => T): Record<Action, T> {
  return {
    login: valueOf("login"),
    search: valueOf("search"),
    productList: valueOf("productList"),
    productDetail: valueOf("productDetail"),
    ownOrders: valueOf("ownOrders"),
    placeOrder: valueOf("placeOrder"),
  };
}
