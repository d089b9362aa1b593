import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { z } from "zod";
import { adviceRecordings } from "../../cli/advice/recordings.ts";
import { requestBuckets, waitBuckets } from "../../service/metrics/buckets.ts";
import { routes } from "../../service/contract/routes.ts";
import type { Course } from "../support/made-up-series.ts";
import { counter, healthyShop, load } from "../support/shop-courses.ts";
import { addBlocks, recordHistory } from "./record-history.ts";

/** A history on the disk: blocks of a Prometheus. */
export interface MadeHistory {
  readonly folder: string;
  readonly series: number;
  readonly samples: number;
}

const intervalSeconds = 15;
const daySeconds = 86_400;
/** It goes on so far past the moment at which it is made, so that it can be measured again without making it anew. */
const aheadSeconds = daySeconds / 2;
/** A run of the bench. */
const leastAheadSeconds = 1_800;

interface Wanted {
  readonly days: number;
  readonly instances: number;
  readonly say: (line: string) => void;
}

const madeSchema = z.object({
  days: z.number(),
  instances: z.number(),
  until: z.number(),
  series: z.number(),
  samples: z.number(),
  /** Which expressions the recorded series are of. */
  recorded: z.string().optional(),
});

/**
 * Makes, or finds, a healthy shop's history in a folder: every metric that signals read of each instance, histograms with the
 * service's own buckets, scraped every 15 seconds for so many days until now, and what the rules of the monitoring step
 * recorded meanwhile. It takes minutes, a day at a time.
 */
export async function makeHistory(folder: string, wanted: Wanted): Promise<MadeHistory> {
  const note = join(folder, "made.json");
  const known = madeSchema.safeParse(await readFile(note, "utf8").then(JSON.parse, () => undefined)).data;
  const fits =
    known?.days === wanted.days &&
    known.instances === wanted.instances &&
    known.until > Date.now() / 1_000 + leastAheadSeconds;
  const made = fits ? known : await makeScrapes(folder, wanted);
  if (!fits) await writeFile(note, JSON.stringify(made));
  const recorded = adviceRecordings()
    .map(({ labels }) => labels.of)
    .join(" ");
  if (made.recorded !== recorded) {
    const from = made.until - aheadSeconds - made.days * daySeconds;
    await recordHistory(folder, { from, until: made.until, say: wanted.say });
    await writeFile(note, JSON.stringify({ ...made, recorded }));
  }
  return { folder, series: made.series, samples: made.samples };
}

async function makeScrapes(folder: string, { days, instances, say }: Wanted): Promise<z.infer<typeof madeSchema>> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, "data"), { recursive: true });
  await writeFile(join(folder, "prometheus.yml"), "global: {}\n");
  const until = Math.floor((Date.now() / 1_000 + aheadSeconds) / intervalSeconds) * intervalSeconds;
  const shop = Array.from({ length: instances }, (_, index) => Object.entries(coursesOf(until, index + 1)));
  const series = shop.reduce((sum, courses) => sum + courses.length, 0);
  const start = until - aheadSeconds - days * daySeconds;
  let samples = 0;
  for (let from = start; from < until; from += daySeconds) {
    const to = Math.min(until, from + daySeconds);
    const text = join(folder, "day.om");
    samples += await writeDay(text, shop, from, to);
    await addBlocks(text, folder);
    say(`made day ${Math.round((to - start) / daySeconds)} of ${days + 1}`);
  }
  return { days, instances, until, series, samples };
}

/** A healthy shop with the buckets that the service has; all observations are in the lowest half of them. */
function coursesOf(until: number, seed: number): Record<string, Course> {
  const scalars = Object.entries(healthyShop(until, seed)).filter(([series]) => !series.includes("_bucket"));
  const requests = load({ peak: 30, until, seed });
  return {
    up: 1,
    ...Object.fromEntries(scalars),
    ...histogram("shop_http_request_duration_seconds", `route="${routes.search}"`, requestBuckets, requests),
    ...histogram("shop_http_request_duration_seconds", 'route="other"', requestBuckets, requests),
    ...histogram("shop_db_pool_wait_seconds", "", waitBuckets, requests),
    ...histogram("shop_mail_in_request_seconds", 'delivery="inline"', requestBuckets, () => 0.01),
  };
}

function histogram(
  name: string,
  labels: string,
  buckets: readonly number[],
  perSecond: (at: number) => number,
): Record<string, Course> {
  const bounds = [...buckets.map(String), "+Inf"];
  const share = (index: number): number => Math.min(1, (2 * (index + 1)) / bounds.length);
  const ofBound = (le: string, index: number): [string, Course] => [
    `${name}_bucket{${labels === "" ? "" : `${labels},`}le="${le}"}`,
    counter((at) => Math.round(15 * perSecond(at) * share(index)) / 15),
  ];
  return Object.fromEntries(bounds.map(ofBound));
}

async function writeDay(
  file: string,
  shop: readonly (readonly [string, Course])[][],
  from: number,
  to: number,
): Promise<number> {
  const stream = createWriteStream(file);
  const all = shop.flatMap((courses, index) => courses.map(([text, course]) => lineOf(text, course, index + 1)));
  let samples = 0;
  for (const [family, ofFamily] of Map.groupBy(all, (one) => one.family)) {
    let chunk = `# TYPE ${family} unknown\n`;
    for (const { series, course } of ofFamily) {
      for (let at = from; at < to; at += intervalSeconds) {
        const value = typeof course === "number" ? course : course(at);
        if (value === undefined) continue;
        chunk += `${series} ${Math.round(value * 1e4) / 1e4} ${at}\n`;
        samples += 1;
      }
      if (!stream.write(chunk)) await once(stream, "drain");
      chunk = "";
    }
  }
  stream.end("# EOF\n");
  await finished(stream);
  return samples;
}

function lineOf(text: string, course: Course, instance: number): { family: string; series: string; course: Course } {
  const [family = "", labels = ""] = text.split(/[{}]/);
  const own = `job="shop",instance="w${instance}"`;
  return { family, series: `${family}{${labels === "" ? own : `${own},${labels}`}}`, course };
}
