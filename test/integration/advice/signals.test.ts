import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { prometheusSource } from "../../../cli/adapters/metrics/prometheus.ts";
import { levelOf } from "../../../cli/advice/level.ts";
import type { Measurement } from "../../../cli/advice/measurement.ts";
import { readSignals } from "../../../cli/advice/read-signals.ts";
import { signals } from "../../../cli/advice/signals.ts";
import type { SignalName } from "../../../cli/phases/step.ts";
import { baseline } from "../../../infra/topology/topology.ts";
import { startKeptHistory, type KeptHistory } from "../../support/kept-history.ts";
import { madeUpLines, type Course, type MadeUpEnvironment } from "../../support/made-up-series.ts";

const now = Date.parse("2026-03-02T12:00:00.000Z") / 1_000;
const hours = 30;
const start = now - hours * 3_600;
const MiB = 1_024 * 1_024;

/** A counter that grows evenly, in units a second; with `restartAt` it starts again from zero then. */
const growing =
  (perSecond: number, restartAt = 0): Course =>
  (at) =>
    (at - (at >= restartAt && restartAt > 0 ? restartAt : start)) * perSecond;
const since =
  (from: number, course: number): Course =>
  (at) =>
    at >= from ? course : undefined;
const histogram = (name: string, buckets: Readonly<Record<string, number>>): Record<string, Course> =>
  Object.fromEntries(Object.entries(buckets).map(([le, rate]) => [`${name}_bucket{le="${le}"}`, growing(rate)]));
const mails = (accepted: number, failed: number): Record<string, Course> => ({
  'shop_mail_messages_total{outcome="accepted"}': growing(accepted),
  'shop_mail_messages_total{outcome="failed"}': growing(failed),
});
const refusals = (shared: number, single: number, requests: number): Record<string, Course> => ({
  'shop_limit_refusals_total{address="shared"}': growing(shared),
  'shop_limit_refusals_total{address="single"}': growing(single),
  'shop_http_requests_total{status="200"}': growing(requests),
});
/** Warm until a restart half an hour ago; 90% of lookups hit before it, `after` since. */
const restarted = now - 1_200;
const cache = (after: number): Record<string, Course> => {
  const split =
    (warm: number, cold: number): Course =>
    (at) =>
      at < restarted ? (at - start) * warm : (at - restarted) * cold;
  return {
    shop_cache_hits_total: split(0.9, after),
    shop_cache_misses_total: split(0.1, 1 - after),
    process_start_time_seconds: (at: number) => (at < restarted ? start : restarted),
  };
};

const answers = (cacheable: number, other: number): Record<string, Course> => ({
  'shop_http_answers_total{cacheable="yes"}': growing(cacheable),
  'shop_http_answers_total{cacheable="no"}': growing(other),
  'shop_http_answer_bytes_total{cacheable="yes"}': growing(cacheable * 3_000),
  'shop_http_answer_bytes_total{cacheable="no"}': growing(other * 1_000),
});
const search = (route: string, le: string): string =>
  `shop_http_request_duration_seconds_bucket{route="${route}",le="${le}"}`;
const scans = (table: string, scanned: number, returned: number): Record<string, Course> => ({
  [`shop_db_rows_scanned_total{table="${table}"}`]: growing(scanned),
  [`shop_db_rows_returned_total{table="${table}"}`]: growing(returned),
});

const statements = (read: number, write: number): Record<string, Course> => ({
  'shop_db_statement_seconds_total{statement="read"}': growing(read),
  'shop_db_statement_seconds_total{statement="write"}': growing(write),
});

const costly = (statement: string, seconds: number): Record<string, Course> => ({
  [`shop_db_costly_statement_seconds_total{statement="${statement}"}`]: growing(seconds),
});

interface Case {
  readonly what: string;
  readonly signal: SignalName;
  readonly instances: MadeUpEnvironment["instances"];
  readonly level?: number;
  readonly lack?: Measurement["lack"];
  readonly historySeconds?: number;
  readonly quietHours?: number;
  readonly subject?: string;
  readonly lengthSeconds?: number;
}

/** A new signal is one line here: what was exported, and the level that it gives. */
const cases: readonly Case[] = [
  {
    what: "a p95 is over all instances, linear inside its bucket",
    signal: "pool-wait-p95",
    instances: {
      w1: histogram("shop_db_pool_wait_seconds", { "0.05": 1, "0.1": 1, "+Inf": 1 }),
      w2: histogram("shop_db_pool_wait_seconds", { "0.05": 0, "0.1": 1, "+Inf": 1 }),
    },
    level: 0.095,
  },
  {
    what: "a p95 of fewer than 20 observations an hour is none, and those hours are quiet",
    signal: "response-p95",
    instances: { w1: histogram("shop_http_request_duration_seconds", { "0.05": 0.005, "+Inf": 0.005 }) },
    quietHours: 30,
  },
  {
    what: "hours without the metric are not quiet",
    signal: "search-p95",
    instances: {
      w1: { 'shop_http_request_duration_seconds_bucket{route="other",le="+Inf"}': since(now - 4 * 3_600, 7) },
    },
    quietHours: 5,
  },
  {
    what: "a quantile without one of the instances is none",
    signal: "pool-wait-p95",
    instances: { w1: histogram("shop_db_pool_wait_seconds", { "0.05": 1, "+Inf": 1 }), w2: {} },
    lack: { why: "w2 gives no shop_db_pool_wait_seconds_bucket", leaves: "nothing" },
  },
  {
    what: "the largest of some instances is a lower bound",
    signal: "memory-of-tier",
    instances: { w1: { process_resident_memory_bytes: 256 * MiB }, w2: {} },
    level: 0.5,
    lack: { why: "w2 gives no process_resident_memory_bytes", leaves: "lower-bound" },
  },
  {
    what: "what every instance reports alike needs one of them",
    signal: "database-size-ratio",
    instances: { w1: { shop_db_size_bytes: 3, shop_db_size_max_bytes: 4 }, w2: {} },
    level: 0.75,
  },
  {
    what: "what a CDN could answer is a share of the requests of all instances",
    signal: "cacheable-request-ratio",
    instances: { w1: answers(0.3, 0.1), w2: answers(0.3, 0.3) },
    level: 0.6,
  },
  {
    what: "and of the bytes, which weigh otherwise",
    signal: "cacheable-bytes-ratio",
    instances: { w1: answers(0.3, 0.3) },
    level: 0.75,
  },
  {
    what: "the share of reads is of the one database's time, however many instances report it",
    signal: "database-read-share",
    instances: { w1: statements(0.04, 0.01), w2: statements(0.04, 0.01) },
    level: 0.8,
  },
  {
    what: "the costliest statement is named, its share of the one database's time",
    signal: "costliest-statement-share",
    instances: {
      w1: { ...statements(0.04, 0.01), ...costly("from orders", 0.01), ...costly("from user_session", 0.02) },
      w2: { ...statements(0.04, 0.01), ...costly("from orders", 0.01), ...costly("from user_session", 0.02) },
    },
    level: 0.4,
    subject: "from user_session",
  },
  {
    what: "of a database that hardly works no statement is worth a change",
    signal: "costliest-statement-share",
    instances: { w1: { ...statements(0.004, 0.001), ...costly("from orders", 0.004) } },
    quietHours: hours,
  },
  {
    what: "the worst instance counts",
    signal: "pool-utilisation",
    instances: {
      w1: { shop_db_pool_in_use: 2, shop_db_pool_size: 10 },
      w2: { shop_db_pool_in_use: 8, shop_db_pool_size: 10 },
    },
    level: 0.8,
  },
  {
    what: "a restart does not make a counter fall",
    signal: "cpu-of-tier",
    instances: { w1: { process_cpu_seconds_total: growing(0.25, now - 5_400) } },
    level: 0.5,
  },
  {
    what: "the database counts once, however many instances report it",
    signal: "database-busy-ratio",
    instances: {
      w1: { shop_db_active_seconds_total: growing(0.2), shop_db_cpus: 0.5 },
      w2: { shop_db_active_seconds_total: growing(0.2), shop_db_cpus: 0.5 },
    },
    level: 0.4,
  },
  {
    what: "hours that were hardly measured do not count",
    signal: "event-loop-utilisation",
    instances: {
      w1: {
        up: (at) => (at < now - 6 * 3_600 || at > now - 4 * 3_600 ? 1 : undefined),
        shop_event_loop_utilization: (at) => (at < now - 6 * 3_600 || at > now - 4 * 3_600 ? 0.5 : undefined),
      },
    },
    level: 0.5,
    historySeconds: 28 * 3_600,
  },
  {
    what: "less than an hour is one window, as long as it is",
    signal: "event-loop-utilisation",
    instances: { w1: { shop_event_loop_utilization: 0.25 } },
    level: 0.25,
    lengthSeconds: 1_200,
    historySeconds: 1_200,
  },
  {
    what: "a metric that came with a release counts from there",
    signal: "event-loop-utilisation",
    instances: { w1: { shop_event_loop_utilization: since(now - 7_200, 0.4) } },
    level: 0.4,
  },
  {
    what: "requests are those of all instances",
    signal: "request-rate",
    instances: { w1: refusals(0, 0, 3), w2: refusals(0, 0, 4) },
    level: 7,
  },
  {
    what: "users are the newest count",
    signal: "users",
    instances: { w1: { shop_users: (at) => 8_500 + (at - now) / 600 } },
    level: 8_500,
  },
  {
    what: "connections are of the plan's",
    signal: "server-connections-ratio",
    instances: { w1: { shop_db_server_connections: 5, shop_db_server_connections_max: 20 } },
    level: 0.25,
  },
  {
    what: "a process with a cache of its own counts",
    signal: "processes-with-private-cache",
    instances: { w1: { shop_cache_shared: 0 }, w2: { shop_cache_shared: 0 }, w3: { shop_cache_shared: 1 } },
    level: 2,
  },
  {
    what: "shared caches are none of a process",
    signal: "processes-with-private-cache",
    instances: { w1: { shop_cache_shared: 1 } },
    level: 0,
  },
  {
    what: "memory of the cache is of the tier's",
    signal: "cache-memory-of-tier",
    instances: { w1: { shop_cache_bytes: 128 * MiB } },
    level: 0.25,
  },
  {
    what: "a restart costs the hits that the cache had before it",
    signal: "cache-hits-lost-at-restarts",
    instances: { w1: cache(0.4) },
    level: 0.5,
  },
  {
    what: "a day without a restart has lost nothing",
    signal: "cache-hits-lost-at-restarts",
    instances: {
      w1: { shop_cache_hits_total: growing(1), shop_cache_misses_total: growing(1), process_start_time_seconds: start },
    },
    level: 0,
  },
  {
    what: "the table with the most scans counts, once however many instances report it",
    signal: "rows-scanned-per-row-returned",
    instances: {
      w1: { ...scans("product", 50, 1), ...scans("orders", 900, 0.001) },
      w2: { ...scans("product", 50, 1), ...scans("orders", 900, 0.001) },
    },
    level: 50,
    subject: "product",
  },
  {
    what: "rows are not counted without the statistics of statements",
    signal: "rows-scanned-per-row-returned",
    instances: { w1: { 'shop_db_rows_scanned_total{table="product"}': growing(1) } },
    lack: { why: "w1 gives no shop_db_rows_returned_total", leaves: "nothing" },
  },
  {
    what: "the p95 of searches is of searches alone",
    signal: "search-p95",
    instances: {
      w1: {
        [search("/shop/api/products/search/", "2")]: growing(0),
        [search("/shop/api/products/search/", "4")]: growing(1),
        [search("/shop/api/products/search/", "+Inf")]: growing(1),
        [search("/shop/api/", "2")]: growing(9),
        [search("/shop/api/", "+Inf")]: growing(9),
      },
    },
    level: 3.9,
  },
  {
    what: "rows are the table's",
    signal: "login-attempts",
    instances: { w1: { shop_login_attempts: 10_000_000 } },
    level: 10_000_000,
  },
  {
    what: "size is the table's with its indexes",
    signal: "login-attempts-size",
    instances: { w1: { shop_login_attempts_size_bytes: 2_147_483_648 } },
    level: 2_147_483_648,
  },
  {
    what: "a vacuum that does not keep up stays overdue",
    signal: "login-attempts-vacuum-debt",
    instances: { w1: { shop_login_attempts_vacuum_debt_ratio: 2.5 } },
    level: 2.5,
  },
  {
    what: "old attempts are the database's, however many instances report them",
    signal: "old-login-attempts",
    instances: { w1: { shop_login_attempts_old: 1_200_000 }, w2: { shop_login_attempts_old: 1_200_000 } },
    level: 1_200_000,
  },
  {
    what: "expired sessions are a share of their table",
    signal: "expired-session-ratio",
    instances: { w1: { shop_sessions_expired: 150_000, shop_sessions: 500_000 } },
    level: 0.3,
  },
  {
    what: "mails are of the day's quota",
    signal: "mail-quota-ratio",
    instances: { w1: { shop_mail_last_day: 400, shop_mail_quota_per_day: 500 } },
    level: 0.8,
  },
  {
    what: "failures are a share of mails",
    signal: "mail-failure-ratio",
    instances: { w1: mails(0.95, 0.05) },
    level: 0.05,
  },
  {
    what: "mails count whoever sends them",
    signal: "mail-failure-ratio",
    instances: { w1: mails(0.5, 0), "mail-worker": mails(0.4, 0.1) },
    level: 0.1,
  },
  {
    what: "the time of mail is of requests that send it themselves",
    signal: "mail-in-request-p95",
    instances: {
      w1: {
        'shop_mail_in_request_seconds_bucket{delivery="inline",le="0.2"}': growing(0),
        'shop_mail_in_request_seconds_bucket{delivery="inline",le="0.4"}': growing(1),
        'shop_mail_in_request_seconds_bucket{delivery="inline",le="+Inf"}': growing(1),
        'shop_mail_in_request_seconds_bucket{delivery="queue",le="0.2"}': growing(100),
        'shop_mail_in_request_seconds_bucket{delivery="queue",le="+Inf"}': growing(100),
      },
    },
    level: 0.39,
  },
  {
    what: "a lost mail is an event, and none is zero",
    signal: "mails-lost",
    instances: { w1: { shop_mail_unsent_orders: (at) => (at > now - 7_200 && at < now - 5_400 ? 2 : 0) } },
    level: 2,
  },
  {
    what: "no lost mail in all that is known is zero",
    signal: "mails-lost",
    instances: { w1: { shop_mail_unsent_orders: 0 } },
    level: 0,
  },
  {
    what: "refusals count at shared addresses, over all requests",
    signal: "shared-address-refusal-ratio",
    instances: { w1: refusals(0.02, 0.9, 1) },
    level: 0.02,
  },
];

let history: KeptHistory;
const measured = async (environment: string, signal: SignalName) => {
  const { of } = await readSignals({
    source: prometheusSource({ name: "made up", url: history.url }),
    signals: signals.filter(({ name }) => name === signal),
    topology: baseline,
    selector: `environment="${environment}"`,
    now,
    windowSeconds: undefined,
    since: undefined,
    facts: { now: "", observation: undefined, environmentCreatedAt: "" },
  });
  return of.get(signal)!;
};

beforeAll(async () => {
  const environments = cases.map(({ what, instances, lengthSeconds = hours * 3_600 }) => ({
    name: what,
    instances,
    until: now,
    lengthSeconds,
    intervalSeconds: 60,
  }));
  history = await startKeptHistory(madeUpLines(environments));
});

afterAll(async () => {
  await history?.stop();
});

describe("in a real Prometheus", () => {
  test.each(cases)("$signal: $what", async ({ what, signal, level, lack, historySeconds, quietHours, subject }) => {
    const measurement = await measured(what, signal);
    const found = levelOf(measurement, now)?.value;
    if (level === undefined) expect(found).toBeUndefined();
    else expect(found).toBeCloseTo(level, 6);
    expect(measurement.lack).toEqual(lack ?? null);
    expect(measurement.quietAt.length).toBe(quietHours ?? 0);
    expect(measurement.subject).toBe(subject);
    if (historySeconds !== undefined) expect(measurement.historySeconds).toBe(historySeconds);
  });

  test("every signal of the table is asked for", () => {
    const tested = new Set(cases.map(({ signal }) => signal));
    expect(signals.filter(({ name, over }) => over !== "host" && !tested.has(name)).map(({ name }) => name)).toEqual(
      [],
    );
  });

  test("an environment that nobody scraped gives nothing", async () => {
    expect(await measured("elsewhere", "users")).toMatchObject({
      points: [],
      lack: { why: "no instance of the shop was scraped", leaves: "nothing" },
    });
  });
});
