import { metricNames } from "../../service/contract/metrics.ts";
import { routes } from "../../service/contract/routes.ts";
import type { EndpointScrape, Sample, Snapshot } from "./snapshot.ts";

/** Labels that no signal tells apart: their series are summed. They are what makes an exposition large. */
const summedLabels: ReadonlySet<string> = new Set(["method", "kind", "transport", "rule", "cache"]);

/** Of the routes only the one that signals ask for: some thirty more would make a history that much longer. */
const keptRoutes: readonly string[] = [routes.search];

/** The contract's metrics; of a histogram only its buckets. */
const keptFamilies: ReadonlySet<string> = new Set(Object.values(metricNames));

/**
 * The part of a snapshot that signals read: some 100 samples an instance instead of some 1,000. A value that is no number
 * becomes a missing one. Snapshots can be compared only when both are compact, or neither is.
 */
export function compact(snapshot: Snapshot): Snapshot {
  const instances = snapshot.endpoints.filter(({ job }) => job !== "router");
  return { at: snapshot.at, endpoints: instances.map(compactEndpoint) };
}

function compactEndpoint(endpoint: EndpointScrape): EndpointScrape {
  if ("missing" in endpoint) return endpoint;
  const sums = new Map<string, Sample>();
  for (const sample of endpoint.samples) {
    if (!keptFamilies.has(sample.name.replace(/_bucket$/, ""))) continue;
    const labels = keptLabels(sample.labels);
    const key = JSON.stringify([sample.name, labels]);
    sums.set(key, { name: sample.name, labels, value: (sums.get(key)?.value ?? 0) + sample.value });
  }
  const samples = [...sums.values()].filter(({ value }) => Number.isFinite(value));
  const families = (endpoint.families ?? []).filter((family) => keptFamilies.has(family));
  return { job: endpoint.job, instance: endpoint.instance, samples, families };
}

function keptLabels(labels: Sample["labels"]): Sample["labels"] {
  const kept = Object.entries(labels).filter(([label]) => !summedLabels.has(label));
  return Object.fromEntries(kept.map(([label, value]) => [label, keptValue(label, value)]));
}

function keptValue(label: string, value: string): string {
  return label !== "route" || keptRoutes.includes(value) ? value : "other";
}
