import type { Verdict } from "../../../cli/advice/recommend.ts";
import { steps, type StepId } from "../../../cli/phases/index.ts";
import type { SignalName } from "../../../cli/phases/step.ts";
import { baseline, type Topology } from "../../../infra/topology/topology.ts";
import type { Course } from "../../support/made-up-series.ts";
import { counter, durations, load, peaks, type Way } from "../../support/shop-courses.ts";

const hour = 3_600;
const day = 24 * hour;
/** Noon of a Tuesday, UTC: the day's peak. */
export const until = Date.parse("2026-03-03T12:00:00.000Z") / 1_000;
const MiB = 1_024 * 1_024;

/** A situation: how the shop differs from a healthy one of 5,000 users, and what is to be said of it. */
export interface Scenario {
  readonly name: string;
  /** Of every instance; undefined takes a metric away. */
  readonly changes?: Readonly<Record<string, Course | undefined>>;
  /** Further instances, beside `w1`; each has everything that `w1` has, but for these changes. */
  readonly others?: Readonly<Record<string, Readonly<Record<string, Course | undefined>>>>;
  /** Instances in place of `w1`, and from how many days ago to how many days ago each lived. */
  readonly alive?: Readonly<Record<string, readonly [from: number, to: number]>>;
  readonly topology?: Topology;
  readonly since?: number;
  readonly lengthDays?: number;
  /** Of steps that are not "not yet". */
  readonly verdicts?: Partial<Record<StepId, Verdict>>;
  readonly by?: "evidence" | "users";
  readonly binding?: SignalName;
  /** What binds next. */
  readonly later?: SignalName;
  /** Day on which the binding constraint, or users, really gets to its threshold: the range must hold it. */
  readonly breach?: { readonly of: SignalName; readonly on: string } | null;
}

const load1 = (way: Omit<Way, "until">) => load({ ...way, until });
const cpu = (way: Omit<Way, "until">, resets?: readonly number[]) => ({
  process_cpu_seconds_total: counter(load1(way), resets),
});
const slowAt = (busy: (at: number) => number, above: number) =>
  durations(
    "shop_http_request_duration_seconds",
    'route="other"',
    () => 20,
    (at) => (busy(at) >= above ? 0.3 : 0),
  );
const users = (way: Omit<Way, "until">) => ({ shop_users: peaks({ noise: 0.005, ...way, until }) });
/** Every step done but these; steps that stand behind one of these stay undone too. */
const allBut = (...undone: readonly StepId[]): Topology =>
  steps.reduce((topology, step) => (undone.includes(step.id) ? topology : step.apply(topology)), baseline);
const pooled: Topology = { ...baseline, pooler: "pgbouncer" };
const shared = { shop_cache_shared: 1, shop_cache_bytes: 0 };
const dayOf = (from: number, to: number) => (at: number) => at > until - from * day && at <= until - to * day;
/** A level on some days, another on all others. */
const spikeOn = (isSpike: (at: number) => boolean, spike: number, rest: number) => (at: number) =>
  isSpike(at) ? spike : rest;
const inUse = (course: Course) => ({ shop_db_pool_in_use: course });
const allOfPhase1: Partial<Record<StepId, Verdict>> = {
  "connection-pooler": "due",
  "tier-standard": "due",
  "database-paid": "blocked",
  "cache-redis": "due",
  "email-sendgrid": "due",
  "rate-limits-raised": "due",
};

export const scenarios: readonly Scenario[] = [
  { name: "healthy", verdicts: {}, breach: null, binding: "mail-quota-ratio" },

  // Each step by its own evidence alone: 5,000 users ask for none.
  {
    name: "pool used up",
    changes: inUse(9),
    verdicts: { "connection-pooler": "due" },
    by: "evidence",
    binding: "pool-utilisation",
  },
  {
    name: "pool waited for",
    changes: durations(
      "shop_db_pool_wait_seconds",
      "",
      () => 20,
      () => 0.3,
    ),
    verdicts: { "connection-pooler": "due" },
    binding: "pool-wait-p95",
  },
  {
    name: "starter tier busy and slow",
    changes: { ...cpu({ peak: 0.45 }), ...slowAt(load1({ peak: 0.45 }), 0.3) },
    verdicts: { "tier-standard": "due", "tier-pro": "blocked", "load-balancing": "blocked" },
    by: "evidence",
    binding: "cpu-of-tier",
  },
  {
    name: "database full",
    topology: pooled,
    changes: { shop_db_size_bytes: 850 * MiB },
    verdicts: { "database-paid": "due" },
    by: "evidence",
    binding: "database-size-ratio",
  },
  {
    name: "database full, no pooler yet",
    changes: { shop_db_size_bytes: 850 * MiB },
    verdicts: { "database-paid": "blocked" },
    binding: "database-size-ratio",
  },
  {
    name: "two processes with caches of their own",
    others: { w2: {} },
    verdicts: { "cache-redis": "due" },
    by: "evidence",
  },
  {
    name: "cache takes a quarter of the memory",
    changes: { shop_cache_bytes: 140 * MiB },
    verdicts: { "cache-redis": "due" },
    binding: "cache-memory-of-tier",
  },
  {
    name: "mail quota used up",
    changes: { shop_mail_last_day: 450 },
    verdicts: { "email-sendgrid": "due" },
    by: "evidence",
    binding: "mail-quota-ratio",
  },
  {
    name: "mail fails",
    changes: { 'shop_mail_messages_total{outcome="failed"}': counter(0.0003) },
    verdicts: { "email-sendgrid": "due" },
  },
  {
    name: "offices refused",
    changes: { 'shop_limit_refusals_total{address="shared"}': counter(1) },
    verdicts: { "rate-limits-raised": "due" },
    by: "evidence",
    binding: "shared-address-refusal-ratio",
  },
  {
    name: "an abuser refused",
    changes: { 'shop_limit_refusals_total{address="single"}': counter(10) },
    verdicts: {},
    binding: "mail-quota-ratio",
  },
  {
    name: "standard tier busy and slow",
    topology: allBut("tier-pro", "load-balancing"),
    changes: { ...shared, ...cpu({ peak: 0.9 }), ...slowAt(load1({ peak: 0.9 }), 0.6) },
    verdicts: { "tier-pro": "due", "load-balancing": "due" },
    by: "evidence",
    binding: "cpu-of-tier",
  },
  {
    name: "one pro instance busy at the peak",
    topology: allBut("load-balancing"),
    changes: { ...shared, ...cpu({ peak: 1.6 }) },
    verdicts: { "load-balancing": "due" },
    by: "evidence",
    binding: "cpu-of-tier",
  },
  {
    name: "rows scanned in vain",
    changes: { 'shop_db_rows_scanned_total{table="product"}': counter(500) },
    verdicts: { "database-indexes": "due" },
    by: "evidence",
  },

  {
    name: "mail takes requests along",
    topology: pooled,
    changes: durations(
      "shop_mail_in_request_seconds",
      'delivery="inline"',
      () => 0.01,
      () => 0.2,
    ),
    verdicts: { "email-queue": "due" },
    by: "evidence",
  },
  {
    name: "a mail lost to a restart",
    topology: pooled,
    changes: { shop_mail_unsent_orders: (at) => (at > until - 50 * hour && at < until - 48 * hour ? 1 : 0) },
    verdicts: { "email-queue": "due" },
    by: "evidence",
  },
  {
    name: "a million old login attempts",
    changes: { shop_login_attempts_old: 1_100_000 },
    verdicts: { archiving: "due" },
    by: "evidence",
  },
  {
    name: "a third of the sessions expired",
    changes: { shop_sessions_expired: 7_000 },
    verdicts: { archiving: "due" },
    by: "evidence",
  },

  // By the user count.
  { name: "users alone begin phase 1", changes: users({ peak: 8_300 }), verdicts: allOfPhase1, by: "users" },
  {
    name: "users ask for alerts",
    topology: allBut("monitoring"),
    changes: { ...shared, ...users({ peak: 10_400 }) },
    verdicts: { monitoring: "due" },
    by: "users",
  },
  {
    name: "users grow into phase 1 within the month",
    changes: users({ peak: 7_700, monthly: 0.2 }),
    verdicts: {
      "connection-pooler": "soon",
      "tier-standard": "soon",
      "database-paid": "soon",
      "cache-redis": "soon",
      "email-sendgrid": "soon",
      "rate-limits-raised": "soon",
    },
    breach: { of: "users", on: "2026-03-11" },
  },
  { name: "users grow, far from phase 1", changes: users({ peak: 6_000, monthly: 0.05 }), verdicts: {} },
  {
    name: "growth that stalls",
    changes: { shop_users: (at) => Math.min(7_700, 7_700 + ((at - (until - 20 * day)) / day) * 60) },
    verdicts: {},
  },

  // Dates of resources.
  {
    name: "storage grows to its limit in two weeks",
    topology: pooled,
    changes: { shop_db_size_bytes: (at) => (740 + ((at - until) / day) * 5) * MiB },
    verdicts: { "database-paid": "soon" },
    binding: "database-size-ratio",
    breach: { of: "database-size-ratio", on: "2026-03-15" },
  },
  {
    name: "storage grows to its limit in three months",
    topology: pooled,
    changes: { shop_db_size_bytes: (at) => (530 + ((at - until) / day) * 3) * MiB },
    verdicts: {},
    binding: "database-size-ratio",
    breach: { of: "database-size-ratio", on: "2026-06-01" },
  },
  {
    name: "two constraints close together",
    topology: pooled,
    changes: {
      shop_db_size_bytes: (at) => (740 + ((at - until) / day) * 5) * MiB,
      shop_mail_last_day: (at) => 320 + ((at - until) / day) * 4,
    },
    verdicts: { "database-paid": "soon" },
    binding: "database-size-ratio",
    later: "mail-quota-ratio",
    breach: { of: "mail-quota-ratio", on: "2026-03-23" },
  },
  {
    name: "pool grows exponentially, with weeks and noise",
    changes: inUse(load1({ peak: 7, kind: "exponential", monthly: 0.25, weekly: 0.05, noise: 0.05, seed: 11 })),
    verdicts: { "connection-pooler": "soon" },
    binding: "pool-utilisation",
  },

  // What must not trigger, and what must all the same.
  {
    name: "a spike of hours",
    changes: inUse(spikeOn((at) => at > until - 60 * hour && at <= until - 55 * hour, 9.5, 2)),
    verdicts: {},
  },
  { name: "a spike round midnight", changes: inUse(spikeOn(dayOf(3.5, 2.6), 9.5, 2)), verdicts: {} },
  {
    name: "weekends alone",
    changes: inUse((at) => (new Date(at * 1_000).getUTCDay() % 6 === 0 ? 9.5 : 2)),
    verdicts: {},
  },
  {
    name: "weekdays, not weekends",
    changes: inUse((at) => (new Date(at * 1_000).getUTCDay() % 6 === 0 ? 2 : 9.5)),
    verdicts: { "connection-pooler": "due" },
  },
  {
    name: "peaks at noon alone",
    changes: inUse((at) => (at % day >= 11 * hour && at % day < 13 * hour ? 9 : 1)),
    verdicts: { "connection-pooler": "due" },
  },
  {
    name: "busy at noon, slow at midnight",
    changes: {
      ...cpu({ peak: 0.2 }),
      shop_event_loop_utilization: load1({ peak: 0.95 }),
      ...slowAt((at) => (at % day < 3 * hour ? 1 : 0), 1),
    },
    verdicts: {},
    binding: "event-loop-utilisation",
  },
  {
    name: "counters that were reset",
    changes: cpu({ peak: 0.15 }, [until - 3 * day, until - 2 * day, until - 20 * hour]),
    verdicts: {},
  },
  {
    name: "cache not exported",
    changes: { shop_cache_hits_total: undefined, shop_cache_misses_total: undefined },
    verdicts: { "cache-redis": "insufficient-evidence" },
  },
  {
    name: "three days without a scrape",
    changes: { up: (at) => (dayOf(5, 2)(at) ? undefined : 1), ...inUse((at) => (dayOf(5, 2)(at) ? undefined : 9)) },
    verdicts: { "connection-pooler": "due" },
  },

  {
    name: "cache lost with every deployment",
    alive: { w1: [33, 2], w2: [2, 1], w3: [1, 0.02], w4: [0.02, 0] },
    verdicts: { "cache-redis": "due" },
    by: "evidence",
  },
  {
    name: "instances replaced every day",
    alive: { w1: [33, 2], w2: [2, 1], w3: [1, 0] },
    topology: { ...baseline, cache: "redis" },
    changes: { ...shared, ...inUse(8.5) },
    verdicts: { "connection-pooler": "due" },
    binding: "pool-utilisation",
  },

  // What is not known.
  {
    name: "pool not exported",
    changes: { shop_db_pool_in_use: undefined },
    verdicts: { "connection-pooler": "insufficient-evidence" },
  },
  {
    name: "users not exported",
    changes: { shop_users: undefined },
    verdicts: Object.fromEntries(steps.map(({ id }) => [id, "insufficient-evidence"])),
  },
  {
    name: "one instance of two silent",
    topology: { ...baseline, cache: "redis" },
    changes: shared,
    others: { w2: { process_resident_memory_bytes: undefined } },
    verdicts: {},
  },
  {
    name: "five minutes of history",
    lengthDays: 300 / 86_400,
    changes: inUse(9.5),
    verdicts: {
      "connection-pooler": "insufficient-evidence",
      "tier-standard": "insufficient-evidence",
      "database-paid": "insufficient-evidence",
      "cache-redis": "insufficient-evidence",
      "email-sendgrid": "insufficient-evidence",
      "rate-limits-raised": "insufficient-evidence",
      "tier-pro": "insufficient-evidence",
      "database-indexes": "insufficient-evidence",
      "email-queue": "insufficient-evidence",
      cdn: "insufficient-evidence",
      "read-replicas": "insufficient-evidence",
      partitioning: "insufficient-evidence",
      "load-balancing": "insufficient-evidence",
    },
  },
  {
    name: "a topology of six hours",
    since: until - 6 * hour,
    changes: inUse((at) => (at < until - 6 * hour ? 9.5 : 2)),
    verdicts: { "cache-redis": "insufficient-evidence" },
  },
];
