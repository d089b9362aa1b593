import { bucketsOf, histogramQuantile } from "./histogram.ts";
import { increaseOf, type SeriesIncrease } from "./increase.ts";
import type { Reading } from "./signal.ts";
import { exportsMetric, type Snapshot } from "./snapshot.ts";

/** With fewer observations a p95 is the largest of them: chance, not a measure. */
const observationsForP95 = 20;

/** Growth of a counter's series over a list of snapshots, pair by pair, so that what came and went inside counts. */
export function increaseOver(snapshots: readonly Snapshot[], name: string): readonly SeriesIncrease[] | undefined {
  const pairs = snapshots.slice(1).flatMap((after, index) => {
    const before = snapshots[index];
    const increase = before && increaseOf(before, after, "shop", name);
    return increase === undefined ? [] : [increase.series];
  });
  return pairs.length === 0 ? undefined : pairs.flat();
}

/**
 * Why a metric is not known of every instance of the newest snapshot; undefined when it is. Sums, ratios and quantiles
 * of what is left would be of other traffic, so they are missing as a whole.
 */
export function gapIn(snapshots: readonly Snapshot[], name: string): string | undefined {
  const last = snapshots.at(-1);
  const instances = last?.endpoints.filter(({ job }) => job === "shop") ?? [];
  if (instances.length === 0) return "no instance of the shop was scraped";
  for (const endpoint of instances) {
    if ("missing" in endpoint) return `${endpoint.instance} was not scraped: ${endpoint.missing}`;
    if (!exportsMetric(endpoint, name)) return `${endpoint.instance} does not export ${name}`;
  }
  return undefined;
}

/** As `gapIn`, for what only two scrapes can tell. */
export function counterGap(snapshots: readonly Snapshot[], name: string): string | undefined {
  if (snapshots.length < 2) return `${name}: one scrape, two are needed`;
  const gap = gapIn(snapshots, name);
  if (gap !== undefined) return gap;
  const [before, after] = [snapshots.at(-2), snapshots.at(-1)];
  const gaps = before && after ? (increaseOf(before, after, "shop", name)?.gaps ?? []) : [];
  const unknown = gaps.find(({ why }) => why !== "vanished");
  return unknown && `${name} of ${unknown.instance}: ${unknown.why}`;
}

/** p95 of a histogram in the metric's unit, over all instances; with `only` of the series that have that label. */
export function p95Of(
  snapshots: readonly Snapshot[],
  histogram: string,
  only?: { readonly label: string; readonly value: string },
): Reading {
  const name = `${histogram}_bucket`;
  const gap = counterGap(snapshots, name);
  if (gap !== undefined) return { missing: gap };
  const series = increaseOver(snapshots, name) ?? [];
  const buckets = bucketsOf(
    only === undefined ? series : series.filter(({ labels }) => labels[only.label] === only.value),
  );
  const observations = buckets.at(-1)?.count ?? 0;
  if (observations < observationsForP95) {
    return {
      missing: `${histogram} has ${observations} observations in the window, a p95 needs ${observationsForP95}`,
    };
  }
  const value = histogramQuantile(0.95, buckets);
  return value === undefined ? { missing: `${histogram} has no +Inf bucket` } : { value };
}

/** Share of a counter's growth in another's; missing while the whole is smaller than `least`. */
export function shareOf(
  snapshots: readonly Snapshot[],
  part: { readonly name: string; readonly label: string; readonly value: string },
  whole: { readonly name: string; readonly least: number; readonly of: string },
): Reading {
  const gap = counterGap(snapshots, part.name) ?? counterGap(snapshots, whole.name);
  if (gap !== undefined) return { missing: gap };
  const all = sum(increaseOver(snapshots, whole.name) ?? []);
  if (!(all >= whole.least)) {
    return { missing: `${whole.name} grew by ${all} in the window, a share needs ${whole.least} ${whole.of}` };
  }
  const taken = (increaseOver(snapshots, part.name) ?? []).filter(({ labels }) => labels[part.label] === part.value);
  return { value: sum(taken) / all };
}

function sum(series: readonly SeriesIncrease[]): number {
  return series.reduce((total, { increase }) => total + increase, 0);
}
