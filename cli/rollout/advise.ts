import { setTimeout as delay } from "node:timers/promises";
import type { Topology } from "../../infra/topology/topology.ts";
import { takeMeasurements } from "../adapters/metrics/take-measurements.ts";
import type { SourceChoice } from "../adapters/metrics/open-source.ts";
import { CapacityStore } from "../adapters/capacity-store.ts";
import { RolloutRecords } from "../adapters/rollout-records.ts";
import type { Session } from "../adapters/session.ts";
import type { Measurements } from "../advice/measurement.ts";
import { recommend, type Recommendation } from "../advice/recommend.ts";
import { ownSelector } from "../advice/selectors.ts";
import { lastChange, longestRun } from "./run-times.ts";
import { steps } from "../phases/index.ts";

/** What `advise` is asked with beside the environment. */
export type AdviceOptions = Partial<Omit<SourceChoice, "wait">> & Pick<SourceChoice, "say">;

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
  const [records, capacities] = await Promise.all([
    new RolloutRecords(environment.paths.root).list(),
    new CapacityStore(environment.paths.root).list(),
  ]);
  const { measurements, source } = await takeMeasurements({
    environment,
    target: await session.target(),
    topology,
    prometheus,
    selector,
    windowSeconds,
    since: lastChange(records),
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
    capacities,
    costOf: (one) => session.priceOf(one).usdPerMonth,
    lastRunsMinutes: (step) => longestRun(records.filter((record) => record.step === step)),
  });
  return { advice, measurements };
}
