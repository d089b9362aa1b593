import type { Target } from "../../../infra/target.ts";
import { compact } from "../../advice/compact.ts";
import type { Snapshot } from "../../advice/snapshot.ts";
import { scrape } from "./scrape.ts";

const scrapeTimeoutMs = 3_000;

/** Scrapes every instance of the shop and the mail worker, and says which did not answer. */
export async function takeSnapshot({
  target,
  say,
}: {
  readonly target: Pick<Target, "scrapeEndpoints">;
  readonly say: (line: string) => void;
}): Promise<Snapshot> {
  const endpoints = (await target.scrapeEndpoints()).filter(({ job }) => job !== "router");
  const snapshot = await scrape(endpoints, { timeoutMs: scrapeTimeoutMs });
  for (const endpoint of snapshot.endpoints) {
    if ("missing" in endpoint) say(`${endpoint.instance} could not be scraped: ${endpoint.missing}`);
  }
  return compact(snapshot);
}
