/**
 * Whether an instance grows: `npm run bench:memory [-- --minutes 10 --rate 150]`. One instance at the baseline, as built, gets
 * the growth plan's mix of requests from 8,500 shoppers; its memory is said every minute, and how fast it grew.
 */
import { parseArgs } from "node:util";
import { runLoad } from "../../cli/load/run-load.ts";
import { startPostgres } from "../support/postgres.ts";
import { migrateShop, seedShop } from "../support/shop.ts";
import { memoryMiB } from "./measure.ts";
import { productCount } from "./rows.ts";
import { startService } from "./servers.ts";

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
  const measured: number[] = [];
  try {
    console.log(
      `${ratePerSecond} requests a second for ${minutes} minutes; before the first: ${rounded(service.pid)} MiB`,
    );
    const report = await runLoad({
      traffic: { baseUrl: `http://127.0.0.1:${service.port}`, users, ratePerSecond },
      durationSeconds: minutes * 60,
      signal: new AbortController().signal,
      onSecond: (second) => {
        if (second % 60 !== 0) return;
        measured.push(memoryMiB(service.pid));
        console.log(`minute ${second / 60}: ${rounded(service.pid)} MiB`);
      },
    });
    const { sent, failures, refused } = report;
    console.log(`${sent} requests, ${failures} failed, ${refused} refused by a limit`);
    for (const { action, outcome, detail } of report.failed.slice(0, 5))
      console.log(`  ${action}: ${outcome}, ${detail}`);
    if (minutes < settledAfterMinutes + 2) console.log("too short to say whether it grows");
    else console.log(`growth after minute ${settledAfterMinutes}: ${slopeOf(measured).toFixed(2)} MiB a minute`);
  } finally {
    await service.stop();
  }
} finally {
  await postgres.stop();
}

function rounded(pid: number): string {
  return memoryMiB(pid).toFixed(0);
}

/** Of the straight line that lies nearest to what was measured once it had settled. */
function slopeOf(measured: readonly number[]): number {
  const points = measured.slice(settledAfterMinutes).map((memory, index) => ({ minute: index, memory }));
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [middle, average] = [mean(points.map(({ minute }) => minute)), mean(points.map(({ memory }) => memory))];
  const along = points.reduce((sum, { minute, memory }) => sum + (minute - middle) * (memory - average), 0);
  return along / points.reduce((sum, { minute }) => sum + (minute - middle) ** 2, 0);
}
