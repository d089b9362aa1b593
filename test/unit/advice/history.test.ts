import { appendFile, mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { MetricsHistory } from "../../../cli/adapters/metrics/history.ts";
import { baseline, type Topology } from "../../../infra/topology/topology.ts";
import { shop, snapshotAt, startOfTests } from "./snapshots.ts";

let root: string;
let history: MetricsHistory;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "shopctl-history-"));
  history = new MetricsHistory(root);
});

afterEach(async () => {
  await rm(root, { recursive: true });
});

const users = (count: number) => snapshotAt(count, shop("w1", { shop_users: count }));
const pooled: Topology = { ...baseline, pooler: "pgbouncer" };
const after = (seconds: number) => new Date(startOfTests + seconds * 1_000);

test("scrapes come back as they were kept, oldest first", async () => {
  const missing = snapshotAt(3, { job: "shop", instance: "w1", missing: "ECONNREFUSED" });
  await history.append(baseline, [users(1), users(2)]);
  await history.append(baseline, [missing]);
  expect(await history.read(baseline, after(10))).toEqual([users(1), users(2), missing]);
});

test("an environment without scrapes has no history", async () => {
  expect(await history.read(baseline, after(0))).toEqual([]);
});

test("only scrapes since the running topology began count", async () => {
  await history.append(baseline, [users(1)]);
  await history.append(pooled, [users(2)]);
  expect(await history.read(baseline, after(10))).toEqual([]);
  await history.append(baseline, [users(3)]);
  expect(await history.read(baseline, after(10))).toEqual([users(3)]);
});

test("scrapes older than a week, or from the future, do not count", async () => {
  await history.append(baseline, [users(1), users(50)]);
  expect(await history.read(baseline, after(2 + 7 * 86_400))).toEqual([users(50)]);
  expect(await history.read(baseline, after(10))).toEqual([users(1)]);
});

test("a line cut off by a crash, or of another version, is passed over", async () => {
  await history.append(baseline, [users(1)]);
  const file = join(root, "metrics", "history.jsonl");
  await appendFile(file, '{"version":2}\n{"version":1,"topol\n');
  await history.append(baseline, [users(2)]);
  expect(await history.read(baseline, after(10))).toEqual([users(1), users(2)]);
});

test("the file stays bounded, and keeps the newest", async () => {
  const now = Math.floor(Date.now() / 1_000) - startOfTests / 1_000;
  const large = (age: number) =>
    snapshotAt(
      now - age,
      shop("w1", Object.fromEntries(Array.from({ length: 600 }, (_, n) => [`metric_number_${n}`, n]))),
    );
  for (let age = 200; age > 0; age -= 1) await history.append(baseline, [large(age)]);
  const file = join(root, "metrics", "history.jsonl");
  expect((await stat(file)).size).toBeLessThan(4.5 * 1_024 * 1_024);
  const kept = await history.read(baseline, after(now + 1));
  expect(kept.at(-1)).toEqual(large(1));
  expect(kept.length).toBeLessThan(200);
  expect((await readFile(file, "utf8")).split("\n").at(-1)).toBe("");
});
