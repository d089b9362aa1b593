import type { ScrapeJob } from "../../infra/target.ts";
import { metricNames } from "../../service/contract/metrics.ts";

/** One line of an exposition: a series and its value at the time of the scrape. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** May be NaN or ±Infinity: the format allows them. */
  readonly value: number;
}

/** An endpoint that answered. */
export interface ScrapedEndpoint {
  readonly job: ScrapeJob;
  readonly instance: string;
  readonly samples: readonly Sample[];
  /** Metrics that the exposition declares (`# TYPE`): a declared counter without a series has counted nothing yet. */
  readonly families?: readonly string[];
}

/** What one endpoint answered; `missing` says why there are no samples, which never means zero. */
export type EndpointScrape =
  ScrapedEndpoint | { readonly job: ScrapeJob; readonly instance: string; readonly missing: string };

/** All endpoints of an environment, scraped at one time. */
export interface Snapshot {
  /** ISO 8601 time at which the scrape was sent. */
  readonly at: string;
  readonly endpoints: readonly EndpointScrape[];
}

/** Endpoints of a job that answered. */
export function scrapedEndpoints(snapshot: Snapshot, job: ScrapeJob): readonly ScrapedEndpoint[] {
  return snapshot.endpoints.filter(
    (endpoint): endpoint is ScrapedEndpoint => endpoint.job === job && "samples" in endpoint,
  );
}

/** The first sample of a name, for metrics that have one series an endpoint. */
export function valueOf(endpoint: ScrapedEndpoint, name: string): number | undefined {
  return endpoint.samples.find((sample) => sample.name === name)?.value;
}

/** The build that an instance of the shop says it is. */
export function releaseOf({ samples }: ScrapedEndpoint): string | undefined {
  return samples.find(({ name }) => name === metricNames.buildInfo)?.labels["release"];
}

/** Whether an endpoint exports a metric: by a series, or by a declaration that has no series yet. */
export function exportsMetric({ samples, families }: ScrapedEndpoint, name: string): boolean {
  const ofHistogram = name.replace(/_(bucket|sum|count)$/, "");
  const isDeclared = families?.some((family) => family === name || family === ofHistogram) ?? false;
  return isDeclared || samples.some((sample) => sample.name === name);
}

/** The largest value of a name over the shop's instances, for what every one of them reports alike. */
export function largestValue(snapshot: Snapshot, name: string): number | undefined {
  const values = scrapedEndpoints(snapshot, "shop").map((endpoint) => valueOf(endpoint, name) ?? NaN);
  const known = values.filter((value) => Number.isFinite(value));
  return known.length === 0 ? undefined : Math.max(...known);
}

/** Seconds from one snapshot to the other; negative when they are in the wrong order. */
export function secondsBetween(before: Snapshot, after: Snapshot): number {
  return (Date.parse(after.at) - Date.parse(before.at)) / 1_000;
}
