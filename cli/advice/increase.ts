import type { ScrapeJob } from "../../infra/target.ts";
import { metricNames } from "../../service/contract/metrics.ts";
import {
  exportsMetric,
  scrapedEndpoints,
  valueOf,
  type Sample,
  type ScrapedEndpoint,
  type Snapshot,
} from "./snapshot.ts";

/** Growth of one series between two snapshots. */
export interface SeriesIncrease {
  readonly instance: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly increase: number;
}

/** Growth of the series of one counter, and the instances of which a part is not known. */
export interface CounterIncrease {
  readonly series: readonly SeriesIncrease[];
  /** Sum over `series`; a lower bound when there are gaps. */
  readonly total: number;
  readonly gaps: readonly Gap[];
}

export interface Gap {
  readonly instance: string;
  readonly why: "vanished" | "not scraped before" | "not scraped after";
}

/** Start of the process in seconds since 1970; HAProxy's has whole seconds. */
const processStart: Readonly<Record<ScrapeJob, string>> = {
  shop: metricNames.processStart,
  "mail-worker": metricNames.processStart,
  router: "haproxy_process_start_time_seconds",
};

/**
 * Increase of a counter over all instances of a job, as PromQL's `increase` without its extrapolation: a counter that fell
 * started again from zero. Better than PromQL where the scrape knows more: a process that started between the snapshots,
 * and a series that appeared on an instance known before, count from zero. Undefined when no instance exports the counter.
 */
export function increaseOf(
  before: Snapshot,
  after: Snapshot,
  job: ScrapeJob,
  name: string,
): CounterIncrease | undefined {
  const earlier = new Map(scrapedEndpoints(before, job).map((endpoint) => [endpoint.instance, endpoint]));
  const gaps: Gap[] = lostInstances(before, after, job);
  const series: SeriesIncrease[] = [];
  let exported = false;
  for (const endpoint of scrapedEndpoints(after, job)) {
    const samples = endpoint.samples.filter((sample) => sample.name === name);
    exported ||= exportsMetric(endpoint, name);
    const base = baseOf(endpoint, earlier.get(endpoint.instance), before, name);
    if (base === "unknown") gaps.push({ instance: endpoint.instance, why: "not scraped before" });
    else
      series.push(
        ...increases(
          endpoint.instance,
          samples,
          base.filter((sample) => sample.name === name),
        ),
      );
  }
  if (!exported) return undefined;
  return { series, total: series.reduce((sum, one) => sum + one.increase, 0), gaps };
}

function increases(instance: string, samples: readonly Sample[], base: readonly Sample[]): readonly SeriesIncrease[] {
  return samples.map(({ labels, value }) => {
    const earlier = base.find((one) => sameLabels(one.labels, labels))?.value ?? 0;
    return { instance, labels, increase: value >= earlier ? value - earlier : value };
  });
}

/** The samples to subtract; none for a process that started after `before`. */
function baseOf(
  endpoint: ScrapedEndpoint,
  earlier: ScrapedEndpoint | undefined,
  before: Snapshot,
  name: string,
): readonly Sample[] | "unknown" {
  if (earlier !== undefined && restarted(earlier, endpoint)) return [];
  if (earlier !== undefined) return exportsMetric(earlier, name) ? earlier.samples : "unknown";
  const started = valueOf(endpoint, processStart[endpoint.job]);
  if (started !== undefined) return started * 1_000 >= Date.parse(before.at) ? [] : "unknown";
  const known = before.endpoints.some((one) => one.job === endpoint.job && one.instance === endpoint.instance);
  return known ? "unknown" : [];
}

function restarted(before: ScrapedEndpoint, after: ScrapedEndpoint): boolean {
  const started = valueOf(before, processStart[before.job]);
  const startedNow = valueOf(after, processStart[after.job]);
  return started !== undefined && startedNow !== undefined && startedNow > started;
}

/** Instances of a job that answered before and are gone, or do not answer now. */
export function lostInstances(before: Snapshot, after: Snapshot, job: ScrapeJob): Gap[] {
  const now = new Map(
    after.endpoints.filter((endpoint) => endpoint.job === job).map((endpoint) => [endpoint.instance, endpoint]),
  );
  const vanished = scrapedEndpoints(before, job).filter((endpoint) => !now.has(endpoint.instance));
  const failed = [...now.values()].filter((endpoint) => "missing" in endpoint);
  return [
    ...vanished.map(({ instance }) => ({ instance, why: "vanished" as const })),
    ...failed.map(({ instance }) => ({ instance, why: "not scraped after" as const })),
  ];
}

function sameLabels(left: Readonly<Record<string, string>>, right: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(left);
  return names.length === Object.keys(right).length && names.every((name) => left[name] === right[name]);
}
