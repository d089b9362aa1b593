import type { Measurement } from "../../../../cli/advice/measurement.ts";
import type { SignalName } from "../../../../cli/phases/step.ts";
import type { Course, MadeUpEnvironment } from "../../../support/made-up-series.ts";

/** Seconds since 1970. */
export const now = Date.parse("2026-03-02T12:00:00.000Z") / 1_000;
export const hours = 30;
export const start = now - hours * 3_600;
/** Bytes. */
export const MiB = 1_024 * 1_024;

/** What was exported, and the level that it gives of a signal. */
export interface Case {
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

/** A counter that grows evenly, in units a second; with `restartAt` it starts again from zero then. */
export const growing =
  (perSecond: number, restartAt = 0): Course =>
  (at) =>
    (at - (at >= restartAt && restartAt > 0 ? restartAt : start)) * perSecond;
export const since =
  (from: number, course: number): Course =>
  (at) =>
    at >= from ? course : undefined;
export const until =
  (end: number, course: number): Course =>
  (at) =>
    at <= end ? course : undefined;
export const histogram = (name: string, buckets: Readonly<Record<string, number>>): Record<string, Course> =>
  Object.fromEntries(Object.entries(buckets).map(([le, rate]) => [`${name}_bucket{le="${le}"}`, growing(rate)]));
export const refusals = (shared: number, single: number, requests: number): Record<string, Course> => ({
  'shop_limit_refusals_total{address="shared"}': growing(shared),
  'shop_limit_refusals_total{address="single"}': growing(single),
  'shop_http_requests_total{status="200"}': growing(requests),
});
