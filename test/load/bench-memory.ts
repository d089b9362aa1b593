/**
 * Whether an instance grows: `npm run bench:memory [-- --minutes 10 --rate 150]`. One instance at the baseline, as built, gets
 * the growth plan's mix of requests from 8,500 shoppers; its memory is said every minute, and how fast it grew. Of the seconds
 * of a minute the least is what it holds: a password that is being hashed takes 19 MiB beside it, and garbage comes and goes.
 * Before, the catalogue is in its caches, and every shopper signed in once, as at the end of a day: it knows them by then.
 */
import { parseArgs } from "node:util";
import { runLoad } from "../../cli/load/run-load.ts";
import { metricNames } from "../../service/contract/metrics.ts";
import { startPostgres } from "../support/postgres.ts";
import { migrateShop, seedShop } from "../support/shop.ts";
import { fillCaches, signInAll } from "./fill-caches.ts";
import { memoryMiB } from "./measure.ts";
import { productCount } from "./rows.ts";
import { startService, type Service } from "./servers.ts";

const users = 8_500;
/** Caches fill and code is compiled in the first minutes; growth is what comes after. */
const settledAfterMinutes = 2;

const { values: options } = parseArgs({
  options: { minutes: { type: "string", default: "10" }, rate: { type: "string", default: "150" } },
});
const minutes = Number(options.minutes);
const ratePerSecond = Number(options.rate);

const postgres = await startPostgres();
try {
  await migrateShop(postgres);
  await seedShop(postgres, users, productCount);
  await postgres.query("vacuum analyze");
  const service = await startService(postgres.shopUrl(), { SHOP_MAIL_DELIVERY: "queue", SHOP_LIMITS: "raised" });
  const held: number[] = [];
  const url = `http://127.0.0.1:${service.port}`;
  let minute: number[] = [];
  try {
    await fillCaches(url);
    await signInAll(url, users);
    const cachedBefore = await cachedMiB(service);
    console.log(
      `${ratePerSecond} requests a second for ${minutes} minutes; before, with what it remembers: ${memoryMiB(service.pid).toFixed(0)} MiB`,
    );
    const report = await runLoad({
      traffic: { baseUrl: url, users, ratePerSecond },
      durationSeconds: minutes * 60,
      signal: new AbortController().signal,
      onSecond: (second) => {
        minute.push(memoryMiB(service.pid));
        if (second % 60 !== 0) return;
        const [least, most] = [Math.min(...minute), Math.max(...minute)];
        console.log(`minute ${second / 60}: ${least.toFixed(0)} MiB, at most ${most.toFixed(0)}`);
        held.push(least);
        minute = [];
      },
    });
    const { sent, failures, refused } = report;
    console.log(`${sent} requests, ${failures} failed, ${refused} refused by a limit`);
    for (const { action, outcome, detail } of report.failed.slice(0, 5))
      console.log(`  ${action}: ${outcome}, ${detail}`);
    if (minutes < settledAfterMinutes + 2) console.log("too short to say whether it grows");
    else console.log(`growth after minute ${settledAfterMinutes}: ${slopeOf(held).toFixed(2)} MiB a minute`);
    console.log(`in its caches: ${cachedBefore.toFixed(1)} MiB before, ${(await cachedMiB(service)).toFixed(1)} after`);
  } finally {
    await service.stop();
  }
} finally {
  await postgres.stop();
}

async function cachedMiB({ internalPort }: Service): Promise<number> {
  const metrics = await (await fetch(`http://127.0.0.1:${internalPort}/metrics`)).text();
  return Number(new RegExp(`^${metricNames.cacheBytes} (.+)$`, "m").exec(metrics)?.[1]) / 1_048_576;
}

/** Of the straight line that lies nearest to what was measured once it had settled. */
function slopeOf(measured: readonly number[]): number {
  const points = measured.slice(settledAfterMinutes).map((memory, index) => ({ minute: index, memory }));
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [middle, average] = [mean(points.map(({ minute }) => minute)), mean(points.map(({ memory }) => memory))];
  const along = points.reduce((sum, { minute, memory }) => sum + (minute - middle) * (memory - average), 0);
  return along / points.reduce((sum, { minute }) => sum + (minute - middle) ** 2, 0);
}
