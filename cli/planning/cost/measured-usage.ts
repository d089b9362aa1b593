import { metricNames as metric } from "../../../service/contract/metrics.ts";
import { cdnOrigin } from "../../advice/router-traffic.ts";
import { largestValue, scrapedEndpoints, valueOf, type ScrapedEndpoint, type Snapshot } from "../../advice/snapshot.ts";
import { daysPerMonth, hoursPerMonth, plannedUsage, type Amount, type Usage } from "./usage.ts";

/** A shop that served for less says nothing about a month. */
const leastSeconds = 60;
const secondsPerMonth = hoursPerMonth * 3_600;

/**
 * Usage as a shop's own counters have it, from one scrape: each counter over the life of its process, taken for a month.
 * What cannot be read is the growth plan's for the users counted; its basis says so. Undefined when the users are unknown.
 */
export function measuredUsage(snapshot: Snapshot): Usage | undefined {
  const users = largestValue(snapshot, metric.users);
  if (users === undefined || users === 0) return undefined;
  const plan = plannedUsage(users);
  const mails = largestValue(snapshot, metric.mailLastDay);
  const size = largestValue(snapshot, metric.dbSize);
  const requests = monthly(snapshot, "router", [routerRequests]) ?? monthly(snapshot, "shop", [metric.httpRequests]);
  const bytes = monthly(snapshot, "router", [routerBytes]);
  return {
    users: { value: users, basis: `counted by the shop (${metric.users})` },
    requestsPerMonth: requests ?? planned(plan.requestsPerMonth),
    mailsPerMonth:
      mails === undefined
        ? planned(plan.mailsPerMonth)
        : { value: mails * daysPerMonth, basis: `${mails} in the last 24 hours (${metric.mailLastDay})` },
    cacheCommandsPerMonth:
      monthly(snapshot, "shop", [metric.cacheHits, metric.cacheMisses, metric.limitChecks]) ??
      planned(plan.cacheCommandsPerMonth),
    egressGiBPerMonth:
      bytes === undefined ? planned(plan.egressGiBPerMonth) : { ...bytes, value: bytes.value / 1_024 ** 3 },
    databaseGiB:
      size === undefined
        ? planned(plan.databaseGiB)
        : { value: size / 1_024 ** 3, basis: `the database's size now (${metric.dbSize})` },
  };
}

const routerRequests = "haproxy_frontend_http_requests_total";
const routerBytes = "haproxy_frontend_bytes_out_total";
const startOf = { shop: metric.processStart, router: "haproxy_process_start_time_seconds" } as const;

function planned({ value, basis }: Amount): Amount {
  return { value, basis: `not measured; ${basis}` };
}

/** Sum of counters over a job's processes as a month's amount; undefined while no process is old enough. */
function monthly(snapshot: Snapshot, job: "shop" | "router", names: readonly string[]): Amount | undefined {
  const now = Date.parse(snapshot.at) / 1_000;
  const rates = scrapedEndpoints(snapshot, job).flatMap((endpoint) => {
    const age = now - (valueOf(endpoint, startOf[job]) ?? now);
    if (age < leastSeconds || !names.some((name) => endpoint.samples.some((sample) => sample.name === name))) return [];
    return [{ age, perSecond: sumOf(endpoint, names) / age }];
  });
  if (rates.length === 0) return undefined;
  const perSecond = rates.reduce((sum, rate) => sum + rate.perSecond, 0);
  const minutes = Math.round(Math.max(...rates.map(({ age }) => age)) / 60);
  return { value: perSecond * secondsPerMonth, basis: `${names.join(" + ")}, over the last ${minutes} min` };
}

/** Frontends of the router that serve no shopper: Prometheus' one, and the CDN's, whose misses were counted when they came in. */
const notShoppers: ReadonlySet<string | undefined> = new Set(["metrics", cdnOrigin]);

function sumOf({ samples }: ScrapedEndpoint, names: readonly string[]): number {
  const counted = samples.filter(({ name, labels }) => names.includes(name) && !notShoppers.has(labels["proxy"]));
  return counted.reduce((sum, { value }) => sum + value, 0);
}
