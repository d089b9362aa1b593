import { scrapedEndpoints, type Snapshot } from "./snapshot.ts";

/** A counter of the database that every instance reports alike, with the label that tells its series apart. */
export interface DatabaseCounter {
  readonly name: string;
  readonly label: string;
}

/**
 * How much one of its series grew. Undefined when it is not known at both ends, or the database's statistics began again
 * in between.
 */
export function growthOf(first: Snapshot, last: Snapshot, counter: DatabaseCounter, value: string): number | undefined {
  const [before, after] = [largestByLabel(first, counter).get(value), largestByLabel(last, counter).get(value)];
  return before === undefined || after === undefined || after < before ? undefined : after - before;
}

/** The series of a counter; of what the instances say the largest is the newest. */
export function largestByLabel(snapshot: Snapshot, { name, label }: DatabaseCounter): ReadonlyMap<string, number> {
  const samples = scrapedEndpoints(snapshot, "shop").flatMap((endpoint) =>
    endpoint.samples.filter((sample) => sample.name === name && Number.isFinite(sample.value)),
  );
  const largest = new Map<string, number>();
  for (const { labels, value } of samples) {
    const series = labels[label] ?? "";
    largest.set(series, Math.max(value, largest.get(series) ?? 0));
  }
  return largest;
}
