import type { Verdict } from "../../../../cli/advice/recommend.ts";
import { steps, type StepId } from "../../../../cli/phases/index.ts";
import type { SignalName } from "../../../../cli/phases/step.ts";
import { baseline, type Topology } from "../../../../infra/topology/topology.ts";
import type { Course } from "../../../support/made-up-series.ts";
import { counter, durations, load, peaks, type Way } from "../../../support/shop-courses.ts";

/** Seconds. */
export const hour = 3_600;
export const day = 24 * hour;
/** Noon of a Tuesday, UTC: the day's peak. */
export const until = Date.parse("2026-03-03T12:00:00.000Z") / 1_000;
/** Bytes. */
export const MiB = 1_024 * 1_024;

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

/** A load that ends at the scenarios' time. */
export const load1 = (way: Omit<Way, "until">) => load({ ...way, until });
/** CPU seconds of an instance under a load. */
export const cpu = (way: Omit<Way, "until">, resets?: readonly number[]) => ({
  process_cpu_seconds_total: counter(load1(way), resets),
});
/** Three of ten answers slower than the objective while something is as busy as this. */
export const slowAt = (busy: (at: number) => number, above: number) =>
  durations(
    "shop_http_request_duration_seconds",
    'route="other"',
    () => 20,
    (at) => (busy(at) >= above ? 0.3 : 0),
  );
/** Registered users on their way. */
export const users = (way: Omit<Way, "until">) => ({ shop_users: peaks({ noise: 0.005, ...way, until }) });
/** Every step done but these; steps that stand behind one of these stay undone too. */
export const allBut = (...undone: readonly StepId[]): Topology =>
  steps.reduce((topology, step) => (undone.includes(step.id) ? topology : step.apply(topology)), baseline);
/** The baseline behind its pooler. */
export const pooled: Topology = { ...baseline, pooler: "pgbouncer" };
/** What an instance exports of a cache that all share. */
export const shared = { shop_cache_shared: 1, shop_cache_bytes: 0 };
/** Whether a time is within a stretch that began and ended so many days ago. */
export const dayOf = (from: number, to: number) => (at: number) => at > until - from * day && at <= until - to * day;
/** A level on some days, another on all others. */
export const spikeOn = (isSpike: (at: number) => boolean, spike: number, rest: number) => (at: number) =>
  isSpike(at) ? spike : rest;
/** Connections in use, of ten. */
export const inUse = (course: Course) => ({ shop_db_pool_in_use: course });
/** What is said of phase 1 at its user count, before any step. */
export const allOfPhase1: Partial<Record<StepId, Verdict>> = {
  "connection-pooler": "due",
  "tier-standard": "due",
  "database-paid": "blocked",
  "cache-redis": "due",
  "email-sendgrid": "due",
  "rate-limits-raised": "due",
};
