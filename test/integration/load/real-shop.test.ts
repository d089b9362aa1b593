import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { prometheusSource } from "../../../cli/adapters/metrics/prometheus.ts";
import { scrape } from "../../../cli/adapters/metrics/scrape.ts";
import { serveBlocks } from "../../../cli/adapters/metrics/serve-blocks.ts";
import { compact } from "../../../cli/advice/compact.ts";
import type { Measurements } from "../../../cli/advice/measurement.ts";
import { readSignals } from "../../../cli/advice/read-signals.ts";
import { signals } from "../../../cli/advice/signals.ts";
import type { Snapshot } from "../../../cli/advice/snapshot.ts";
import { trafficBetween } from "../../../cli/advice/traffic.ts";
import { countSeededUsers } from "../../../cli/load/seeded-users.ts";
import { startTraffic } from "../../../cli/load/traffic.ts";
import type { TrafficReport } from "../../../cli/load/traffic-report.ts";
import { baseline } from "../../../infra/topology/topology.ts";
import { startPostgres, type TestPostgres } from "../../support/postgres.ts";
import { migrateShop, seedShop, startShop, type TestShop } from "../../support/shop.ts";
import { waitUntil } from "../../support/wait-until.ts";

const users = 1_000;
let postgres: TestPostgres;
let shop: TestShop;
let report: TrafficReport;
let before: Snapshot;
let after: Snapshot;
let measured: Measurements;

const scrapeShop = () =>
  scrape([{ job: "shop", instance: "web-test", url: `${shop.internalUrl}/metrics` }], { timeoutMs: 2_000 });
const valueOf = (name: Parameters<Measurements["of"]["get"]>[0]): number =>
  measured.of.get(name)?.points.at(-1)?.value ?? NaN;

beforeAll(async () => {
  postgres = await startPostgres();
  await migrateShop(postgres);
  await seedShop(postgres, users, 300);
  shop = await startShop(postgres.shopUrl());
  const catalogue = {
    productIds: Array.from({ length: 300 }, (_, index) => index + 1),
    searchTerms: ["amber", "lamp"],
  };
  await waitUntil("the shop to ask its database", () => shop.metric("shop_db_active_seconds_total"));
  before = await scrapeShop();
  // Half of the shoppers in one office: 20 requests of the API a second against a limit of 100 a minute.
  const traffic = await startTraffic({
    baseUrl: shop.url,
    users,
    ratePerSecond: 60,
    catalogue,
    offices: { count: 1, share: 0.5 },
  });
  await delay(12_000);
  report = await traffic.stop();
  after = await scrapeShop();
  const served = await serveBlocks([], [compact(before), compact(after)]);
  measured = await readSignals({
    source: prometheusSource({ name: "two scrapes", url: served.url }),
    signals,
    topology: baseline,
    selector: 'job="shop"',
    now: Math.ceil(Date.parse(after.at) / 1_000),
    since: undefined,
    windowSeconds: (Date.parse(after.at) - Date.parse(before.at)) / 1_000,
    facts: { now: after.at, observation: undefined, environmentCreatedAt: before.at },
  });
  await served.stop();
});

afterAll(async () => {
  await shop?.stop();
  await postgres?.stop();
});

describe("shoppers in the real shop", () => {
  test("are all answered: none failed, and an office over the base limits was refused", () => {
    expect(report.failed).toEqual([]);
    expect(report).toMatchObject({ failures: 0, abandoned: 0, ok: report.sent - report.refused - report.soldOut });
    expect(report.refused).toBeGreaterThan(30);
    for (const route of Object.values(report.routes)) expect(route.ok).toBeGreaterThan(0);
  });

  test("are counted alike on both sides", () => {
    expect(trafficBetween(before, after)).toMatchObject({
      countedBy: "shop",
      requests: report.sent,
      refused: report.refused,
      serverErrors: 0,
      orders: report.routes.placeOrder.ok,
      gaps: [],
    });
  });

  test("see about the latency that the shop measured, and the wait before it", () => {
    const { latencyMs } = trafficBetween(before, after);
    expect(latencyMs?.p50).toBeGreaterThan(0);
    expect(report.latencyMs.p99).toBeGreaterThanOrEqual((latencyMs?.p50 ?? Infinity) / 2);
  });

  test("can be counted by signing in, whatever else has registered", async () => {
    expect(await countSeededUsers(shop.url, users, "127.49.0.1")).toBe(users);
    expect(await countSeededUsers(shop.url, users + 7, "127.49.0.2")).toBe(users);
  });
});

describe("the signals of the real shop", () => {
  test("have a value, but those that need what this set-up has not", () => {
    const missing = signals.filter(({ name }) => Number.isNaN(valueOf(name))).map(({ name }) => name);
    const mayBeTooFew = ["mail-failure-ratio", "mail-in-request-p95", "rows-scanned-per-row-returned"];
    // No observation of backups, no statistics of statements in this Postgres, no restart, no lost mail.
    expect(missing.filter((name) => !mayBeTooFew.includes(name))).toEqual([
      "days-without-backup",
      "database-read-share",
      "costliest-statement-share",
      "cache-hits-lost-at-restarts",
      "mails-lost",
    ]);
  });

  test("are what the traffic was", () => {
    expect(valueOf("users")).toBe(users);
    expect(valueOf("processes-with-private-cache")).toBe(1);
    expect(valueOf("shared-address-refusal-ratio")).toBeGreaterThan(0.01);
    expect(valueOf("shared-address-refusal-ratio")).toBeLessThanOrEqual(report.refused / report.sent + 1e-9);
    for (const name of ["cpu-of-tier", "memory-of-tier", "database-busy-ratio", "server-connections-ratio"] as const) {
      expect(valueOf(name)).toBeGreaterThan(0);
    }
  });
});
