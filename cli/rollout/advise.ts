import { setTimeout as delay } from "node:timers/promises";
import type { Topology } from "../../infra/topology/topology.ts";
import { takeMeasurements } from "../adapters/metrics/take-measurements.ts";
import type { Session } from "../adapters/session.ts";
import { recommend, type Recommendation } from "../advice/recommend.ts";
import { steps } from "../phases/index.ts";
import { costOf } from "../planning/cost.ts";

/** Scrapes an environment and gives every step a verdict. */
export async function advise(
  session: Session,
  topology: Topology,
  { windowSeconds, say }: { readonly windowSeconds: number; readonly say: (line: string) => void },
): Promise<Recommendation> {
  const { environment } = session;
  const measurements = await takeMeasurements({
    environment,
    target: await session.target(),
    topology,
    windowSeconds,
    wait: (ms) => delay(ms),
    say,
  });
  return recommend({
    environment: environment.name,
    now: new Date().toISOString(),
    topology,
    steps,
    measurements,
    costOf: (one) => costOf(one).usdPerMonth,
  });
}
