import { metricNames } from "../../service/contract/metrics.ts";
import { routes } from "../../service/contract/routes.ts";
import type { EndpointScrape, Sample, Snapshot } from "./snapshot.ts";

/** Labels that signals tell apart; all others are summed away. */
const keptLabels: Readonly<Record<string, readonly string[]>> = {
  [`${metricNames.poolWait}_bucket`]: ["le"],
  [`${metricNames.httpDuration}_bucket`]: ["le", "route"],
  [metricNames.dbRowsScanned]: ["table"],
  [metricNames.dbRowsReturned]: ["table"],
  [metricNames.dbStatementSeconds]: ["kind"],
  [metricNames.mailMessages]: ["outcome"],
  [metricNames.limitRefusals]: ["address"],
};

/** Of the routes only the one that signals ask for: some thirty more would make a history that much longer. */
const keptRoutes: readonly string[] = [routes.search];

/** The contract's metrics; of a histogram only its buckets. */
const keptFamilies: ReadonlySet<string> = new Set(Object.values(metricNames));
const keptNames: ReadonlySet<string> = new Set([...keptFamilies, ...Object.keys(keptLabels)]);

/**
 * The part of a snapshot that signals read: some 60 samples an instance instead of some 1,000. A value that is no number
 * becomes a missing one. Snapshots can be compared only when both are compact, or neither is.
 */
export function compact(snapshot: Snapshot): Snapshot {
  const instances = snapshot.endpoints.filter(({ job }) => job === "shop");
  return { at: snapshot.at, endpoints: instances.map(compactEndpoint) };
}

function compactEndpoint(endpoint: EndpointScrape): EndpointScrape {
  if ("missing" in endpoint) return endpoint;
  const sums = new Map<string, Sample>();
  for (const sample of endpoint.samples) {
    if (!keptNames.has(sample.name)) continue;
    const labelNames = keptLabels[sample.name] ?? [];
    const labels = Object.fromEntries(labelNames.map((label) => [label, keptValue(label, sample.labels[label] ?? "")]));
    const key = JSON.stringify([sample.name, labels]);
    sums.set(key, { name: sample.name, labels, value: (sums.get(key)?.value ?? 0) + sample.value });
  }
  const samples = [...sums.values()].filter(({ value }) => Number.isFinite(value));
  const families = (endpoint.families ?? []).filter((family) => keptFamilies.has(family));
  return { job: endpoint.job, instance: endpoint.instance, samples, families };
}

function keptValue(label: string, value: string): string {
  return label !== "route" || keptRoutes.includes(value) ? value : "other";
}
