import type { SeriesIncrease } from "./increase.ts";

/** A cumulative bucket: observations up to and including its upper bound. */
export interface Bucket {
  readonly upperBound: number;
  readonly count: number;
}

/** Sums `_bucket` series by `le`, lowest bound first; counts that rounding or a restart made fall are raised to the bucket below. */
export function bucketsOf(series: readonly SeriesIncrease[]): readonly Bucket[] {
  const counts = new Map<number, number>();
  for (const { labels, increase } of series) {
    const bound = labels["le"] === "+Inf" ? Infinity : Number(labels["le"]);
    if (!Number.isNaN(bound)) counts.set(bound, (counts.get(bound) ?? 0) + increase);
  }
  let highest = 0;
  return [...counts]
    .toSorted(([left], [right]) => left - right)
    .map(([upperBound, count]) => ({ upperBound, count: (highest = Math.max(highest, count)) }));
}

/**
 * The q-quantile (0..1) by PromQL's `histogram_quantile`: linear inside a bucket, the lowest starts at 0, and what lies in
 * the +Inf bucket is given as the highest finite bound. Undefined without a +Inf bucket or without observations.
 */
export function histogramQuantile(q: number, buckets: readonly Bucket[]): number | undefined {
  const last = buckets.at(-1);
  if (last === undefined || last.upperBound !== Infinity || buckets.length < 2 || !(last.count > 0)) return undefined;
  const rank = q * last.count;
  const index = buckets.findIndex((bucket) => bucket.count >= rank);
  const bucket = buckets[index];
  if (bucket === undefined || bucket.upperBound === Infinity) return buckets.at(-2)?.upperBound;
  const below = buckets[index - 1];
  if (below === undefined && bucket.upperBound <= 0) return bucket.upperBound;
  const [start, countBelow] = [below?.upperBound ?? 0, below?.count ?? 0];
  const inside = bucket.count - countBelow;
  if (inside === 0) return start;
  return start + (bucket.upperBound - start) * ((rank - countBelow) / inside);
}

/** How many observations are above a bound, linear inside the bucket that it lies in. */
export function countAbove(bound: number, buckets: readonly Bucket[]): number {
  const total = buckets.at(-1)?.count ?? 0;
  const at = buckets.findIndex(({ upperBound }) => upperBound >= bound);
  const bucket = buckets[at];
  if (bucket === undefined) return 0;
  const below = buckets[at - 1] ?? { upperBound: 0, count: 0 };
  const inside = bucket.count - below.count;
  if (bucket.upperBound === Infinity) return inside;
  const share = (bound - below.upperBound) / (bucket.upperBound - below.upperBound);
  return total - below.count - inside * share;
}
