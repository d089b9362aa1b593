import { metricNames } from "../../service/contract/metrics.ts";
import type { Measurement } from "./measurement.ts";
import type { InstantSample } from "./metrics-source.ts";
import type { ReadingTask } from "./reading-task.ts";
import { withMatchers } from "./selectors.ts";
import type { MeteredSignal } from "./signal.ts";

/** Instances that were scraped this much earlier than the newest are gone: replaced, not silent. */
const gone = 120;

/** Which instance gives which metric. */
export interface Presence {
  lackOf(signal: MeteredSignal): Measurement["lack"];
}

/** Asks once which of the signals' metrics each instance gives now. */
export async function readPresence(
  { source, selector, now }: Pick<ReadingTask, "source" | "selector" | "now">,
  signals: readonly MeteredSignal[],
): Promise<Presence> {
  const names = [...new Set(signals.flatMap(({ needs }) => needs))].toSorted();
  const ask = (query: string): Promise<readonly InstantSample[]> => source.instant(withMatchers(query, selector), now);
  const [scraped, found] = await Promise.all([
    ask(`max by (instance) (timestamp(up) or timestamp(${metricNames.buildInfo}))`),
    ask(`group by (__name__, instance) (last_over_time({__name__=~"${names.join("|")}"}[10m]))`),
  ]);
  const newest = Math.max(...scraped.map(({ value }) => value));
  const instances = scraped
    .filter(({ value }) => value >= newest - gone)
    .map(({ labels }) => labels["instance"] ?? "")
    .toSorted();
  const pairs = new Set(found.map(({ labels }) => pair(labels["__name__"] ?? "", labels["instance"] ?? "")));
  return { lackOf: (signal) => lackIn(signal, instances, (name, instance) => pairs.has(pair(name, instance))) };
}

function lackIn(
  { needs, instances: taken }: MeteredSignal,
  instances: readonly string[],
  has: (name: string, instance: string) => boolean,
): Measurement["lack"] {
  if (instances.length === 0) return { why: "no instance of the shop was scraped", leaves: "nothing" };
  const gaps = instances.flatMap((instance) =>
    needs.filter((name) => !has(name, instance)).map((name) => ({ name, instance })),
  );
  const [gap] = gaps;
  if (gap === undefined) return null;
  const whole = instances.some((instance) => needs.every((name) => has(name, instance)));
  if (taken === "any" && whole) return null;
  const why = `${gap.instance} gives no ${gap.name}`;
  return { why, leaves: taken === "worst" && whole ? "lower-bound" : "nothing" };
}

function pair(name: string, instance: string): string {
  return `${name}\n${instance}`;
}
