import type { EndpointScrape, Sample, Snapshot } from "../../../cli/advice/snapshot.ts";

export const startOfTests = Date.parse("2026-01-01T00:00:00.000Z");

/** A snapshot `seconds` after the start of the tests. */
export function snapshotAt(seconds: number, ...endpoints: EndpointScrape[]): Snapshot {
  return { at: new Date(startOfTests + seconds * 1_000).toISOString(), endpoints };
}

/** An instance of the shop from lines such as `shop_users 5` or `a_total{x="1"} 2`, in a form short enough for tables. */
export function shop(instance: string, values: Readonly<Record<string, number>>): EndpointScrape {
  return { job: "shop", instance, samples: samplesOf(values), families: familiesOf(values) };
}

export function samplesOf(values: Readonly<Record<string, number>>): readonly Sample[] {
  return Object.entries(values).map(([series, value]) => {
    const [name = "", labels = ""] = series.split(/[{}]/);
    const pairs = labels.split(",").filter((pair) => pair !== "");
    return { name, value, labels: Object.fromEntries(pairs.map((pair) => pair.replaceAll('"', "").split("="))) };
  });
}

function familiesOf(values: Readonly<Record<string, number>>): readonly string[] {
  return [...new Set(samplesOf(values).map(({ name }) => name.replace(/_bucket$/, "")))];
}
