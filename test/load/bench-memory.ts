/**
 * Whether an instance grows: `npm run bench:memory [-- --minutes 10 --rate 150]`. One instance at the baseline, as built, gets
 * the growth plan's mix of requests from 8,500 shoppers. Said every minute is the least resident memory of its seconds: a
 * password that is being hashed takes 19 MiB beside it. That includes garbage which V8 has not collected yet, so that growth is
 * told by what is left once all of it is: before the minutes that count, and after them.
 * Before, the catalogue is in its caches, and every shopper signed in once, as at the end of a day: it knows them by then.
 */
import { parseArgs } from "node:util";
import { runLoad } from "../../cli/load/run-load.ts";
import { startPostgres } from "../support/postgres.ts";
import { migrateShop, seedShop } from "../support/shop.ts";
import { fillCaches, signInAll } from "./fill-caches.ts";
import { liveHeapMiB } from "./live-heap.ts";
import { memoryMiB } from "./measure.ts";
import { productCount } from "./rows.ts";
import { startService, type Server } from "./servers.ts";

const users = 8_500;
/** Code is compiled in the first minutes; growth is what comes after. */
const settleMinutes = 2;
const serviceEnv = { SHOP_MAIL_DELIVERY: "queue", SHOP_LIMITS: "raised" };

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
  const service = await startService(postgres.shopUrl(), serviceEnv, ["--inspect=127.0.0.1:0"]);
  try {
    const url = urlOf(service);
    await fillCaches(url);
    await signInAll(url, users);
    console.log(`${ratePerSecond} requests a second; with what it remembers ${memoryMiB(service.pid).toFixed(0)} MiB`);
    await sendFor(service, settleMinutes, "to settle, ");
    const before = await liveHeapMiB(service.output());
    await sendFor(service, minutes, "");
    const after = await liveHeapMiB(service.output());
    const grown = (after - before) / minutes;
    console.log(
      `live heap: ${before.toFixed(2)} MiB before, ${after.toFixed(2)} after ${minutes} minutes (${grown.toFixed(3)} a minute)`,
    );
    console.log(`resident then: ${memoryMiB(service.pid).toFixed(0)} MiB`);
  } finally {
    await service.stop();
  }
} finally {
  await postgres.stop();
}

async function sendFor(service: Server, lasting: number, label: string): Promise<void> {
  let minute: number[] = [];
  const report = await runLoad({
    traffic: { baseUrl: urlOf(service), users, ratePerSecond },
    durationSeconds: lasting * 60,
    signal: new AbortController().signal,
    onSecond: (second) => {
      minute.push(memoryMiB(service.pid));
      if (second % 60 !== 0) return;
      const [least, most] = [Math.min(...minute), Math.max(...minute)];
      console.log(`${label}minute ${second / 60}: ${least.toFixed(0)} MiB, at most ${most.toFixed(0)}`);
      minute = [];
    },
  });
  const { sent, failures, refused, failed } = report;
  console.log(`${label}${sent} requests, ${failures} failed, ${refused} refused by a limit`);
  for (const { action, outcome, detail } of failed.slice(0, 5)) console.log(`  ${action}: ${outcome}, ${detail}`);
}

function urlOf({ port }: Server): string {
  return `http://127.0.0.1:${port}`;
}
