import { execFile } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { promisify } from "node:util";
import { z } from "zod";
import { requestBuckets, waitBuckets } from "../../service/metrics/buckets.ts";
import { routes } from "../../service/contract/routes.ts";
import type { Course } from "../support/made-up-series.ts";
import { counter, healthyShop, load } from "../support/shop-courses.ts";

/** A history on the disk: blocks of a Prometheus. */
export interface MadeHistory {
  readonly folder: string;
  /** Of a Prometheus that scrapes nothing. */
  readonly config: string;
  readonly series: number;
  readonly samples: number;
}

const intervalSeconds = 15;
const daySeconds = 86_400;
/** It goes on so far past the moment at which it is made, so that it can be measured again without making it anew. */
const aheadSeconds = daySeconds / 2;
/** A run of the bench. */
const leastAheadSeconds = 1_800;

const madeSchema = z.object({
  days: z.number(),
  instances: z.number(),
  until: z.number(),
  series: z.number(),
  samples: z.number(),
});

/**
 * Makes, or finds, a healthy shop's history in a folder: every metric that signals read of each instance, histograms with the
 * service's own buckets, scraped every 15 seconds for so many days until now. It takes minutes, a day at a time.
 */
export async function makeHistory(
  folder: string,
  { days, instances, say }: { readonly days: number; readonly instances: number; readonly say: (line: string) => void },
): Promise<MadeHistory> {
  const now = Math.floor(Date.now() / 1_000);
  const [data, note, config] = [join(folder, "data"), join(folder, "made.json"), join(folder, "prometheus.yml")];
  const known = madeSchema.safeParse(await readFile(note, "utf8").then(JSON.parse, () => undefined)).data;
  if (known?.days === days && known.instances === instances && known.until > now + leastAheadSeconds) {
    return { folder: data, config, series: known.series, samples: known.samples };
  }
  await rm(folder, { recursive: true, force: true });
  await mkdir(data, { recursive: true });
  await writeFile(config, "global: {}\n");
  const until = Math.floor((now + aheadSeconds) / intervalSeconds) * intervalSeconds;
  const shop = Array.from({ length: instances }, (_, index) => Object.entries(coursesOf(until, index + 1)));
  const series = shop.reduce((sum, courses) => sum + courses.length, 0);
  const start = until - aheadSeconds - days * daySeconds;
  let samples = 0;
  for (let from = start; from < until; from += daySeconds) {
    const to = Math.min(until, from + daySeconds);
    const text = join(folder, "day.om");
    samples += await writeDay(text, shop, from, to);
    const made = join(folder, "made");
    const words = ["tsdb", "create-blocks-from", "openmetrics", "--max-block-duration=768h", text, made];
    await promisify(execFile)("promtool", words, { maxBuffer: 1e8 });
    for (const block of await readdir(made)) await rename(join(made, block), join(data, block));
    await rm(text);
    say(`made day ${Math.round((to - start) / daySeconds)} of ${days + 1}`);
  }
  await writeFile(note, JSON.stringify({ days, instances, until, series, samples }));
  return { folder: data, config, series, samples };
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
