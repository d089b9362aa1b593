import type { Observation } from "../../infra/target.ts";
import { metricNames } from "../../service/contract/metrics.ts";
import { releaseOf, scrapedEndpoints } from "../advice/snapshot.ts";
import { scrape } from "./metrics/scrape.ts";
import type { Session } from "./session.ts";

/** An instance that needs longer for its metrics counts as not answering. */
export const scrapeTimeoutMs = 3_000;

/** What the target observes, and what the instances themselves say of their release and mail transport. */
export async function observeEnvironment({ environment, ...session }: Session): Promise<Observation> {
  const target = await session.target();
  const [observation, snapshot] = await Promise.all([
    target.observe(environment),
    target.scrapeEndpoints(environment).then((endpoints) => scrape(endpoints, { timeoutMs: scrapeTimeoutMs })),
  ]);
  const transports = scrapedEndpoints(snapshot, "shop").flatMap(({ samples }) =>
    samples.flatMap(({ name, labels }) => (name === metricNames.mailMessages ? (labels["transport"] ?? []) : [])),
  );
  const releases = scrapedEndpoints(snapshot, "shop").flatMap((endpoint) => {
    const release = releaseOf(endpoint);
    return release === undefined ? [] : [{ instance: endpoint.instance, release }];
  });
  const mailTransport = [...new Set(transports)].toSorted().join(" and ");
  return { ...observation, releases, ...(mailTransport === "" ? {} : { mailTransport }) };
}
