/** One line of an exposition: a series and its value at the time of the scrape. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** May be NaN or ±Infinity: the format allows them. */
  readonly value: number;
}

/** What one endpoint answered; `missing` says why there are no samples, which never means zero. */
export type EndpointScrape =
  | { readonly job: "shop" | "router"; readonly instance: string; readonly samples: readonly Sample[] }
  | { readonly job: "shop" | "router"; readonly instance: string; readonly missing: string };

/** An endpoint that answered. */
export type ScrapedEndpoint = Extract<EndpointScrape, { readonly samples: readonly Sample[] }>;

/** All endpoints of an environment, scraped at one time. */
export interface Snapshot {
  /** ISO 8601 time at which the scrape was sent. */
  readonly at: string;
  readonly endpoints: readonly EndpointScrape[];
}

/** Endpoints of a job that answered. */
export function scrapedEndpoints(snapshot: Snapshot, job: "shop" | "router"): readonly ScrapedEndpoint[] {
  return snapshot.endpoints.filter(
    (endpoint): endpoint is ScrapedEndpoint => endpoint.job === job && "samples" in endpoint,
  );
}

/** The first sample of a name, for metrics that have one series an endpoint. */
export function valueOf(endpoint: ScrapedEndpoint, name: string): number | undefined {
  return endpoint.samples.find((sample) => sample.name === name)?.value;
}

/** Seconds from one snapshot to the other; negative when they are in the wrong order. */
export function secondsBetween(before: Snapshot, after: Snapshot): number {
  return (Date.parse(after.at) - Date.parse(before.at)) / 1_000;
}
