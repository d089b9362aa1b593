import type { Observation } from "../../infra/observation.ts";
import { metricNames } from "../../service/contract/metrics.ts";
import { releaseOf, scrapedEndpoints, type ScrapedEndpoint } from "../advice/snapshot.ts";
import { scrape } from "./metrics/scrape.ts";
import type { Session } from "./session.ts";

/** An instance that needs longer for its metrics counts as not answering. */
export const scrapeTimeoutMs = 3_000;

/** What the target observes, and what the instances themselves say of their release and mail. */
export async function observeEnvironment(session: Session): Promise<Observation> {
  const target = await session.target();
  const [observation, snapshot] = await Promise.all([
    target.observe(),
    target.scrapeEndpoints().then((endpoints) => scrape(endpoints, { timeoutMs: scrapeTimeoutMs })),
  ]);
  // Where nobody outside reaches the instances, the target knows what they are in its own way.
  if (snapshot.endpoints.length === 0) return observation;
  const shops = scrapedEndpoints(snapshot, "shop");
  const senders = [...shops, ...scrapedEndpoints(snapshot, "mail-worker")];
  const mailTransport = labelsOf(senders, metricNames.mailMessages, "transport");
  const mailDelivery = labelsOf(shops, `${metricNames.mailInRequest}_count`, "delivery");
  const replicasInUse = Object.fromEntries(
    shops.map(({ instance, samples }) => [
      instance,
      samples.filter(({ name, value }) => name === metricNames.replicaInUse && value === 1).length,
    ]),
  );
  const queryForms = Object.fromEntries(
    shops.map((shop) => [shop.instance, labelsOf([shop], metricNames.dbQueryForm, "form")]),
  );
  const releases = shops.flatMap((endpoint) => {
    const release = releaseOf(endpoint);
    return release === undefined ? [] : [{ instance: endpoint.instance, release }];
  });
  return {
    ...observation,
    // Where nobody can be scraped from here the target says it.
    ...(shops.length === 0 ? {} : { releases, replicasInUse, queryForms }),
    ...(mailTransport === "" ? {} : { mailTransport }),
    ...(mailDelivery === "" ? {} : { mailDelivery }),
  };
}

/** Every value of a label that a metric has, in words. */
function labelsOf(endpoints: readonly ScrapedEndpoint[], metric: string, label: string): string {
  const values = endpoints.flatMap(({ samples }) =>
    samples.flatMap(({ name, labels }) => (name === metric ? (labels[label] ?? []) : [])),
  );
  return [...new Set(values)].toSorted().join(" and ");
}
