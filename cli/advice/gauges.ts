import { gapIn } from "./counters.ts";
import type { Reading } from "./signal.ts";
import { scrapedEndpoints, type ScrapedEndpoint, type Snapshot } from "./snapshot.ts";

/** A figure of one instance, from its gauges; undefined where it does not export them. */
export type Figure = (endpoint: ScrapedEndpoint) => number | undefined;

/** Largest over instances of a figure's mean over the window; a lower bound where some instances do not give it. */
export function worstInstance(snapshots: readonly Snapshot[], metric: string, figure: Figure): Reading {
  const values = newestInstances(snapshots).flatMap((instance) => {
    const value = mean(snapshots.flatMap((snapshot) => figuresOf(snapshot, figure, instance)));
    return value === undefined ? [] : [value];
  });
  return largest(values, lackOf(snapshots, metric, figure));
}

/** The largest value, as a lower bound when `lack` says that some are not known. */
export function largest(values: readonly number[], lack: string | undefined): Reading {
  if (values.length === 0) return { missing: lack ?? "no instance of the shop was scraped" };
  const value = Math.max(...values);
  return lack === undefined ? { value } : { value, lowerBound: lack };
}

/** A figure that every instance reports alike (of the database, of all mails): one instance that gives it is enough. */
export function reportedByAny(snapshots: readonly Snapshot[], metric: string, figure: Figure): Reading {
  const last = snapshots.at(-1);
  const values = last === undefined ? [] : figuresOf(last, figure);
  const lack = lackOf(snapshots, metric, figure) ?? `${metric} has no value`;
  return values.length === 0 ? { missing: lack } : { value: Math.max(...values) };
}

/** Names of the instances of the newest snapshot, scraped or not. */
export function newestInstances(snapshots: readonly Snapshot[]): readonly string[] {
  return (snapshots.at(-1)?.endpoints ?? []).filter(({ job }) => job === "shop").map(({ instance }) => instance);
}

function figuresOf(snapshot: Snapshot, figure: Figure, instance?: string): readonly number[] {
  return scrapedEndpoints(snapshot, "shop")
    .filter((endpoint) => instance === undefined || endpoint.instance === instance)
    .map(figure)
    .filter((value): value is number => value !== undefined && Number.isFinite(value));
}

function lackOf(snapshots: readonly Snapshot[], metric: string, figure: Figure): string | undefined {
  const last = snapshots.at(-1);
  if (last === undefined) return "nothing was scraped";
  const lacking = newestInstances(snapshots).find((instance) => figuresOf(last, figure, instance).length === 0);
  return gapIn(snapshots, metric) ?? (lacking === undefined ? undefined : `${metric} of ${lacking} has no value`);
}

function mean(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((total, value) => total + value, 0) / values.length;
}
