import { randomUUID } from "node:crypto";
import { isLoopbackUrl, officesFor, surveyAddress, type Offices } from "./addresses.ts";
import { startArrivals } from "./arrivals.ts";
import { readCatalogue, type Catalogue } from "./catalogue.ts";
import { connectionsTo } from "./connections.ts";
import { Exchange } from "./exchange.ts";
import { startLedger } from "./ledger.ts";
import { drawAction, rateOf } from "./mix.ts";
import { seededRandom } from "./random.ts";
import { requestsOf } from "./requests.ts";
import type { SecondOfTraffic } from "./series.ts";
import { shoppersOf } from "./shoppers.ts";
import type { TrafficReport, TrafficStats } from "./traffic-report.ts";

export interface TrafficOptions {
  /** `http://127.x.y.z:port` of the router; anything else is refused. */
  readonly baseUrl: string;
  /** Seeded users of the shop. */
  readonly users: number;
  /** Requests a second; the growth plan's rate for the users by default. Arrivals are a Poisson process. */
  readonly ratePerSecond?: number;
  /** Equal seeds give equal shoppers, actions and arrivals. */
  readonly seed?: number;
  readonly offices?: Offices;
  /** Bound of one request from its scheduled start; 10 s by default. */
  readonly timeoutMs?: number;
  /** What to shop for; read from the shop by default. */
  readonly catalogue?: Catalogue;
}

/** Shoppers at work. */
export interface Traffic {
  /** Since the last call, or the start. Ended requests may have been sent in an interval before. */
  interval(): TrafficStats;
  total(): TrafficReport;
  /** Second by second since the start, of half an hour at most. */
  series(): readonly SecondOfTraffic[];
  /** Requests without an answer now. */
  inFlight(): number;
  /** From now on so many requests a second; 0 is none. */
  setRate(ratePerSecond: number): void;
  /** Sends no more, waits up to 2 s for answers, ends the rest as `abandoned`, closes every socket; twice is once. */
  stop(): Promise<TrafficReport>;
}

const defaultTimeoutMs = 10_000;
const drainMs = 2_000;
const sweepMs = 100;

/** Reads the catalogue, then sends shoppers: open-loop, nothing retried, everything counted. */
export async function startTraffic(options: TrafficOptions): Promise<Traffic> {
  const { baseUrl, users, seed = 1, timeoutMs = defaultTimeoutMs, ratePerSecond = rateOf(users) } = options;
  if (!isLoopbackUrl(baseUrl)) throw new RangeError(`${baseUrl} is not on 127.0.0.0/8: load goes to this host only`);
  const random = seededRandom(seed);
  const catalogue = options.catalogue ?? (await readCatalogue(baseUrl, surveyAddress(Math.random())));
  const shoppers = shoppersOf({ users, offices: options.offices ?? officesFor(ratePerSecond), random });
  const requestFor = requestsOf({ catalogue, shoppers, random, run: randomUUID() });
  const connections = connectionsTo(new URL(baseUrl).origin);
  const ledger = startLedger();

  const send = (scheduledAt: number): void => {
    const request = requestFor(drawAction(random));
    const exchange = new Exchange(request, scheduledAt, ledger.ended);
    ledger.sent(exchange);
    const { shopper, method, path, headers, body = null } = request;
    connections.of(shopper).dispatch({ method, path, headers, body }, exchange);
  };
  const arrivals = startArrivals({ random, ratePerSecond, arrive: send });
  const sweep = setInterval(() => ledger.giveUpOlderThan(performance.now() - timeoutMs), sweepMs);

  const stop = async (): Promise<TrafficReport> => {
    arrivals.stop();
    await ledger.drained(drainMs);
    clearInterval(sweep);
    ledger.series.stop();
    ledger.giveUpAll();
    await connections.destroy();
    return ledger.total();
  };
  let stopping: Promise<TrafficReport> | undefined;
  return {
    interval: ledger.interval,
    total: ledger.total,
    series: ledger.series.seconds,
    inFlight: ledger.inFlight,
    setRate: arrivals.setRate,
    stop: () => (stopping ??= stop()),
  };
}
