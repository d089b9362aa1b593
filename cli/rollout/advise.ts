import { setTimeout as delay } from "node:timers/promises";
import type { Topology } from "../../infra/topology/topology.ts";
import { takeMeasurements } from "../adapters/metrics/take-measurements.ts";
import type { SourceChoice } from "../adapters/metrics/open-source.ts";
import type { Session } from "../adapters/session.ts";
import type { Measurements } from "../advice/measurement.ts";
import { recommend, type Recommendation } from "../advice/recommend.ts";
import { steps } from "../phases/index.ts";
import { costOf } from "../planning/cost.ts";

/** What `advise` is asked with beside the environment. */
export type AdviceOptions = Partial<Omit<SourceChoice, "wait">> & Pick<SourceChoice, "say">;

/** Series of a shop that the environment's own Prometheus, or a direct scrape, wrote. */
const ownSelector = 'job="shop"';

/** Reads an environment's metrics and gives every step a verdict. */
export async function advise(session: Session, topology: Topology, options: AdviceOptions): Promise<Recommendation> {
  return (await adviseOn(session, topology, options)).advice;
}

/** As `advise`, with what was read: a report shows it over time. */
export async function adviseOn(
  session: Session,
  topology: Topology,
  { prometheus, selector = ownSelector, windowSeconds, say }: AdviceOptions,
): Promise<{ readonly advice: Recommendation; readonly measurements: Measurements }> {
  const { environment } = session;
  const { measurements, source } = await takeMeasurements({
    environment,
    target: await session.target(),
    topology,
    prometheus,
    selector,
    windowSeconds,
    wait: (ms) => delay(ms),
    say,
  });
  const advice = recommend({
    environment: environment.name,
    now: new Date().toISOString(),
    topology,
    steps,
    measurements,
    source,
    costOf: (one) => costOf(one).usdPerMonth,
  });
  return { advice, measurements };
}
