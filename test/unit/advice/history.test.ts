import { appendFile, mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { MetricsHistory } from "../../../cli/adapters/metrics/history.ts";
import { openMetrics } from "../../../cli/adapters/metrics/open-metrics.ts";
import type { EndpointScrape } from "../../../cli/advice/snapshot.ts";
import { scrapeJobs } from "../../../infra/target.ts";
import { shop, snapshotAt, startOfTests } from "./snapshots.ts";

let root: string;
let history: MetricsHistory;
const now = new Date(startOfTests);

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "shopctl-history-"));
  history = new MetricsHistory(root);
});

afterEach(async () => {
  await rm(root, { recursive: true });
});

const users = (count: number) => {
  const snapshot = snapshotAt(count, shop("w1", { shop_users: count }));
  return {
    ...snapshot,
    endpoints: snapshot.endpoints.map(({ families: _dropped, ...kept }: object & { families?: unknown }) => kept),
  };
};

/** An endpoint of a job that only another shopctl knows. */
const later = { job: "later", instance: "x", samples: [] };

async function keptLines(): Promise<readonly string[]> {
  const names = (await readdir(join(root, "metrics"))).filter((name) => name.endsWith(".jsonl"));
  const texts = await Promise.all(names.map((name) => readFile(join(root, "metrics", name), "utf8")));
  return texts
    .flatMap((text) => text.split("\n"))
    .filter((line) => line !== "")
    .toSorted();
}

test("scrapes come back as they were kept, oldest first", async () => {
  const missing = snapshotAt(3, { job: "shop", instance: "w1", missing: "ECONNREFUSED" });
  await history.append([users(2) as never, users(1) as never], now);
  await history.append([missing], now);
  expect(await history.tail()).toEqual([users(1), users(2), missing]);
});

test("endpoints of every job come back, those that did not answer too", async () => {
  const endpoints = scrapeJobs.flatMap((job): EndpointScrape[] => [
    { job, instance: `${job}-1`, samples: [{ name: "a_total", labels: { outcome: "accepted" }, value: 1 }] },
    { job, instance: `${job}-2`, missing: "ECONNREFUSED" },
  ]);
  expect(scrapeJobs).toContain("mail-worker");
  await history.append([snapshotAt(1, ...endpoints)], now);
  expect(await history.tail()).toEqual([snapshotAt(1, ...endpoints)]);
});

test("an environment without scrapes has no history", async () => {
  expect([await history.tail(), await history.blocks()]).toEqual([[], []]);
});

test("a line cut off by a crash, or of another version, is passed over", async () => {
  await history.append([users(1) as never], now);
  await appendFile(join(root, "metrics", "history.jsonl"), '{"version":3}\n{"version":1,"topol\n');
  await history.append([users(2) as never], now);
  expect(await history.tail()).toEqual([users(1), users(2)]);
});

test("a line cut off by a power cut costs the next scrape nothing", async () => {
  await history.append([users(1) as never], now);
  await appendFile(join(root, "metrics", "history.jsonl"), '{"version":2,"at":"20');
  await history.append([users(2) as never], now);
  expect(await history.tail()).toEqual([users(1), users(2)]);
});

test("an endpoint that cannot be read costs the others of its scrape nothing", async () => {
  const { at, endpoints } = users(1);
  await history.append([users(2) as never, { at, endpoints: [later, ...endpoints] } as never], now);
  await history.append([{ at, endpoints: [later] } as never], now);
  expect(await history.tail()).toEqual([users(1), users(2)]);
});

test("what cannot be read is not removed by sealing, but when it is as old as the blocks that are", async () => {
  const unreadable = [
    '{"version":3}',
    '{"version":1,"topol',
    JSON.stringify({ version: 2, at: users(1).at, endpoints: [later] }),
  ];
  await history.append([], now);
  await appendFile(join(root, "metrics", "history.jsonl"), `${unreadable.join("\n")}\n`);
  await history.seal(new Date());
  await history.append([], now);
  await history.seal(new Date());
  expect(await keptLines()).toEqual(unreadable.toSorted());
  await history.append([], now);
  await history.seal(new Date(Date.now() + 61 * 86_400_000));
  expect(await keptLines()).toEqual([]);
});

test("what is about to become blocks is none yet", async () => {
  await mkdir(join(root, "metrics", "blocks", ".making-1"), { recursive: true });
  expect(await history.blocks()).toEqual([]);
});

test("what a killed run was about to seal is still there", async () => {
  await history.append([users(1) as never], now);
  await appendFile(join(root, "metrics", "sealing-1.jsonl"), `${JSON.stringify({ version: 2, ...users(5) })}\n`);
  expect(await history.tail()).toEqual([users(1), users(5)]);
  expect(await readdir(join(root, "metrics"))).toHaveLength(2);
});

test("OpenMetrics text has a family together, the instance as a label, and whether it answered", () => {
  const silent = { job: "shop" as const, instance: "w2", missing: "ECONNREFUSED" };
  const text = openMetrics([
    snapshotAt(0, shop("w1", { 'a_total{x="1"}': 1, shop_build_info: 1 }), silent),
    snapshotAt(15, shop("w1", { 'a_total{x="1"}': 2 })),
  ]);
  expect(text.split("\n")).toEqual([
    "# TYPE up unknown",
    `up{job="shop",instance="w1"} 1 ${startOfTests / 1_000}`,
    `up{job="shop",instance="w2"} 0 ${startOfTests / 1_000}`,
    `up{job="shop",instance="w1"} 1 ${startOfTests / 1_000 + 15}`,
    "# TYPE a_total unknown",
    `a_total{job="shop",instance="w1",x="1"} 1 ${startOfTests / 1_000}`,
    `a_total{job="shop",instance="w1",x="1"} 2 ${startOfTests / 1_000 + 15}`,
    "# TYPE shop_build_info unknown",
    `shop_build_info{job="shop",instance="w1"} 1 ${startOfTests / 1_000}`,
    "# EOF",
    "",
  ]);
});

test("labels that a scrape adds are kept beside those of the exposition, and values are escaped", () => {
  const sample = { name: "a", labels: { instance: "own", text: 'a "b"\n\\' }, value: 1 };
  const text = openMetrics([snapshotAt(0, { job: "shop", instance: "w1", samples: [sample] })]);
  expect(text).toContain('a{job="shop",instance="w1",exported_instance="own",text="a \\"b\\"\\n\\\\"} 1 ');
});

test("a count that appears on an instance scraped before stood at zero then, a gauge at nothing", () => {
  const text = openMetrics([snapshotAt(0, shop("w1", {})), snapshotAt(15, shop("w1", { b_total: 5, c: 5 }))]);
  const samples = text.split("\n").filter((line) => /^[bc]/.test(line));
  expect(samples.map((line) => line.split(" ").slice(0, 2).join(" "))).toEqual([
    'b_total{job="shop",instance="w1"} 0',
    'b_total{job="shop",instance="w1"} 5',
    'c{job="shop",instance="w1"} 5',
  ]);
});
