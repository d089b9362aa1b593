import { z } from "zod";
import { scrapeJobs } from "../../../infra/target.ts";
import type { EndpointScrape, Snapshot } from "../../advice/snapshot.ts";

const jobSchema = z.enum(scrapeJobs);
const sampleSchema = z.strictObject({ name: z.string(), labels: z.record(z.string(), z.string()), value: z.number() });
const scrapedSchema = z.object({ job: jobSchema, instance: z.string(), samples: z.array(sampleSchema) });
const missingSchema = z.object({ job: jobSchema, instance: z.string(), missing: z.string() });
const endpointSchema: z.ZodType<EndpointScrape> = z.union([scrapedSchema, missingSchema]);
const entrySchema = z.object({
  version: z.union([z.literal(1), z.literal(2)]),
  at: z.iso.datetime(),
  endpoints: z.array(z.unknown()),
});

/** What a text of lines has in it. */
export interface ReadHistory {
  readonly snapshots: readonly Snapshot[];
  /** Lines of what could not be read; of a scrape that could be read in part the endpoints that could not. */
  readonly unread: readonly string[];
}

/** Reads lines of JSON, one a scrape. Never throws: what a crash cut off, or another shopctl wrote, is `unread`. */
export function readHistory(text: string): ReadHistory {
  const lines = text.split("\n").filter((line) => line !== "");
  const read = lines.map(readLine);
  return {
    snapshots: read.flatMap(({ snapshots }) => snapshots),
    unread: read.flatMap(({ unread }) => unread),
  };
}

function readLine(line: string): ReadHistory {
  const parsed = entrySchema.safeParse(parseJson(line));
  if (!parsed.success) return { snapshots: [], unread: [line] };
  const { at, endpoints } = parsed.data;
  const read: EndpointScrape[] = [];
  const unread: unknown[] = [];
  for (const endpoint of endpoints) {
    const result = endpointSchema.safeParse(endpoint);
    if (result.success) read.push(result.data);
    else unread.push(endpoint);
  }
  return {
    // A scrape of nothing is one; one of which nothing could be read is none.
    snapshots: read.length > 0 || unread.length === 0 ? [{ at, endpoints: read }] : [],
    unread: unread.length === 0 ? [] : [JSON.stringify({ ...parsed.data, endpoints: unread })],
  };
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
