import { describe, expect, test } from "vitest";
import { baseline } from "../../../infra/topology/topology.ts";
import { steps } from "../../../cli/phases/index.ts";
import type { SignalName } from "../../../cli/phases/step.ts";
import type { SignalInput } from "../../../cli/advice/signal.ts";
import { measure, signalOf, signals } from "../../../cli/advice/signals.ts";
import type { EndpointScrape, Snapshot } from "../../../cli/advice/snapshot.ts";
import { shop, snapshotAt, startOfTests } from "./snapshots.ts";

const waits = (within: number, all: number) => ({
  'shop_db_pool_wait_seconds_bucket{le="0.05"}': within,
  'shop_db_pool_wait_seconds_bucket{le="0.1"}': all,
  'shop_db_pool_wait_seconds_bucket{le="+Inf"}': all,
});
const mails = (accepted: number, failed: number) => ({
  'shop_mail_messages_total{outcome="accepted"}': accepted,
  'shop_mail_messages_total{outcome="failed"}': failed,
});
const values = (shared: number, single: number, requests: number) => ({
  'shop_limit_refusals_total{rule="api",address="shared"}': shared,
  'shop_limit_refusals_total{rule="api",address="single"}': single,
  'shop_http_requests_total{status="200"}': requests,
});
const pool = (inUse: number) => ({ shop_db_pool_in_use: inUse, shop_db_pool_size: 10 });
const cpu = (seconds: number, started: number) => ({ process_cpu_seconds_total: seconds, ...process(started) });
const busy = (seconds: number, started = -60) => ({
  shop_db_active_seconds_total: seconds,
  shop_db_cpus: 0.5,
  ...process(started),
});
const observation = (...backups: string[]) => ({
  at: "",
  processes: [],
  router: { url: "", up: true, servers: [] },
  database: {
    maxConnections: 1,
    connections: 1,
    sizeBytes: 1,
    sharedBuffersMiB: 1,
    backupSchedule: false,
    indexes: [],
    backups: backups.map((at) => ({ id: at, at, sizeBytes: 1 })),
  },
});
const ago = (days: number) => new Date(startOfTests - days * 86_400_000).toISOString();
const cache = (hits: number, misses: number, started: number, shared = 0) => ({
  shop_cache_hits_total: hits,
  shop_cache_misses_total: misses,
  shop_cache_shared: shared,
  ...process(started),
});
const steady = (seconds: number) => [
  snapshotAt(0, shop("w1", cache(900, 100, -60))),
  snapshotAt(seconds, shop("w1", cache(950, 100, -60))),
];

const MiB = 1_024 * 1_024;

function read(name: SignalName, snapshots: readonly Snapshot[], more: Partial<SignalInput> = {}) {
  const input: SignalInput = {
    snapshots,
    history: snapshots,
    topology: baseline,
    observation: undefined,
    environmentCreatedAt: new Date(startOfTests - 3 * 86_400_000).toISOString(),
    ...more,
  };
  return measure(input).get(name)!;
}

/** Two scrapes of one instance, ten seconds apart. */
function between(name: SignalName, before: Record<string, number>, after: Record<string, number>) {
  return read(name, [snapshotAt(0, shop("w1", before)), snapshotAt(10, shop("w1", after))]).reading;
}

const unanswered: EndpointScrape = { job: "shop", instance: "w2", missing: "ECONNREFUSED" };
const process = (startedSeconds: number) => ({ process_start_time_seconds: startOfTests / 1_000 + startedSeconds });

describe("the table", () => {
  test("has every signal that a step asks for, once", () => {
    const asked = steps
      .flatMap((step) => step.triggers)
      .flatMap((trigger) => ("onlyWith" in trigger ? [trigger.signal, trigger.onlyWith.signal] : [trigger.signal]));
    for (const name of asked) expect(signalOf(name).name).toBe(name);
    expect(new Set(signals.map(({ name }) => name)).size).toBe(signals.length);
  });

  test("names query and window of what it measured", () => {
    const measured = read("pool-wait-p95", [snapshotAt(0, shop("w1", {})), snapshotAt(12.5, shop("w1", {}))]);
    expect(measured.windowSeconds).toBe(12.5);
    expect(measured.query).toBe(
      "histogram_quantile(0.95, sum by (le) (increase(shop_db_pool_wait_seconds_bucket[13s])))",
    );
  });

  test("has no value for any signal when nothing answers", () => {
    const nothing = [snapshotAt(0, unanswered), snapshotAt(10, unanswered)];
    for (const { name } of signals) expect(read(name, nothing).reading).toHaveProperty("missing");
    for (const { name } of signals) expect(read(name, []).reading).toHaveProperty("missing");
  });
});

describe("counters and histograms", () => {
  test("p95 of the wait for a connection is of the window only", () => {
    expect(between("pool-wait-p95", waits(1_000, 1_000), waits(1_000, 1_100))).toEqual({ value: 0.0975 });
  });

  test("a p95 of too few observations is missing, and says how many there are", () => {
    expect(between("pool-wait-p95", waits(5, 5), waits(24, 24))).toEqual({
      missing: "shop_db_pool_wait_seconds has 19 observations in the window, a p95 needs 20",
    });
  });

  test("one scrape is not enough for what counts over time", () => {
    const once = [snapshotAt(0, shop("w1", waits(100, 100)))];
    expect(read("pool-wait-p95", once).reading).toEqual({
      missing: "shop_db_pool_wait_seconds_bucket: one scrape, two are needed",
    });
  });

  test("an instance that does not answer makes shares and quantiles missing", () => {
    const snapshots = [
      snapshotAt(0, shop("w1", waits(0, 0)), unanswered),
      snapshotAt(10, shop("w1", waits(100, 100)), unanswered),
    ];
    expect(read("pool-wait-p95", snapshots).reading).toEqual({ missing: "w2 was not scraped: ECONNREFUSED" });
  });

  test("mail failures are a share of the mails of the window", () => {
    expect(between("mail-failure-ratio", mails(100, 50), mails(119, 51))).toEqual({ value: 0.05 });
    expect(between("mail-failure-ratio", mails(100, 50), mails(108, 51))).toEqual({
      missing: "shop_mail_messages_total grew by 9 in the window, a share needs 10 mails",
    });
  });

  test("refusals count at shared addresses, over all requests", () => {
    expect(between("shared-address-refusal-ratio", values(0, 0, 0), values(4, 90, 200))).toEqual({ value: 0.02 });
    expect(
      between("shared-address-refusal-ratio", { shop_http_requests_total: 0 }, { shop_http_requests_total: 500 }),
    ).toEqual({
      missing: "w1 does not export shop_limit_refusals_total",
    });
  });
});

describe("gauges", () => {
  test("the worst instance counts, by its mean over the window", () => {
    const snapshots = [
      snapshotAt(0, shop("w1", pool(1)), shop("w2", pool(9))),
      snapshotAt(10, shop("w1", pool(2)), shop("w2", pool(7))),
    ];
    expect(read("pool-utilisation", snapshots).reading).toEqual({ value: 0.8 });
  });

  test("an instance that is not known makes the worst one a lower bound", () => {
    const memory = { process_resident_memory_bytes: 256 * MiB };
    const snapshots = [snapshotAt(0, shop("w1", memory)), snapshotAt(10, shop("w1", memory), unanswered)];
    expect(read("memory-of-tier", snapshots).reading).toEqual({
      value: 0.5,
      lowerBound: "w2 was not scraped: ECONNREFUSED",
    });
    const silent = [snapshotAt(0, shop("w1", memory), shop("w2", { shop_users: 1 }))];
    expect(read("memory-of-tier", silent).reading).toEqual({
      value: 0.5,
      lowerBound: "w2 does not export process_resident_memory_bytes",
    });
  });

  test("a value that is not a number is missing", () => {
    expect(
      between("event-loop-utilisation", { shop_event_loop_utilization: NaN }, { shop_event_loop_utilization: NaN }),
    ).toEqual({
      missing: "shop_event_loop_utilization of w1 has no value",
    });
    expect(between("mail-quota-ratio", {}, { shop_mail_last_day: 1, shop_mail_quota_per_day: 0 })).toHaveProperty(
      "missing",
    );
  });

  test("what every instance reports alike needs one of them", () => {
    const last = snapshotAt(10, shop("w1", { shop_users: 8_500 }), unanswered);
    expect(read("users", [snapshotAt(0), last])).toMatchObject({ windowSeconds: 0, reading: { value: 8_500 } });
    const connections = { shop_db_server_connections: 5, shop_db_server_connections_max: 20 };
    expect(between("server-connections-ratio", {}, connections)).toEqual({ value: 0.25 });
    expect(between("database-size-ratio", {}, { shop_db_size_bytes: 3, shop_db_size_max_bytes: 4 })).toEqual({
      value: 0.75,
    });
    expect(between("mail-quota-ratio", {}, { shop_mail_last_day: 400, shop_mail_quota_per_day: 500 })).toEqual({
      value: 0.8,
    });
  });
});

describe("CPU", () => {
  test("of the tier is a rate over its cores", () => {
    expect(between("cpu-of-tier", { process_cpu_seconds_total: 7 }, { process_cpu_seconds_total: 10.5 })).toEqual({
      value: 0.7,
    });
  });

  test("of an instance that started inside the window is over the time it was seen in", () => {
    const snapshots = [
      snapshotAt(0, shop("w1", cpu(5, -60))),
      snapshotAt(100, shop("w1", cpu(5, -60)), shop("w2", cpu(1, 95))),
      snapshotAt(110, shop("w1", cpu(5, -60)), shop("w2", cpu(5, 95))),
    ];
    expect(read("cpu-of-tier", snapshots).reading).toEqual({ value: 0.8 });
    const seenOnce = [
      snapshotAt(0, shop("w1", cpu(5, -60))),
      snapshotAt(10, shop("w1", cpu(5, -60)), shop("w2", cpu(1, 5))),
    ];
    expect(read("cpu-of-tier", seenOnce).reading).toEqual({
      value: 0,
      lowerBound: "w2 was scraped once, two are needed",
    });
  });

  test("of the database is its busy time over its cores, once however many instances report it, across their restarts", () => {
    const snapshots = [
      snapshotAt(0, shop("w1", busy(1_000, -60)), shop("w2", busy(1_000, -60))),
      snapshotAt(10, shop("w1", busy(1_002, -60)), shop("w3", busy(1_002, 5))),
    ];
    expect(read("database-busy-ratio", snapshots).reading).toEqual({ value: 0.4 });
  });

  test("of the database starts from zero when its statistics were reset, and is missing without its cores", () => {
    const ofOneCore = (seconds: number) => ({ ...busy(seconds), shop_db_cpus: 1 });
    expect(between("database-busy-ratio", ofOneCore(500), ofOneCore(3))).toEqual({ value: 0.3 });
    expect(between("database-busy-ratio", {}, ofOneCore(3))).toHaveProperty("missing");
    expect(between("database-busy-ratio", busy(3), { shop_db_active_seconds_total: 4 })).toEqual({
      missing: "w1 does not export shop_db_cpus",
    });
  });
});

describe("backups", () => {
  const now = [snapshotAt(0)];
  test("the newest counts", () => {
    expect(read("days-without-backup", now, { observation: observation(ago(5), ago(0.5)) }).reading).toEqual({
      value: 0.5,
    });
  });

  test("none at all is evidence by itself: a day, or the age of the environment", () => {
    expect(read("days-without-backup", now, { observation: observation() }).reading).toEqual({ value: 3 });
    expect(
      read("days-without-backup", now, { observation: observation(), environmentCreatedAt: ago(0.01) }).reading,
    ).toEqual({ value: 1 });
  });

  test("are not known while the database does not answer", () => {
    expect(read("days-without-backup", now).reading).toEqual({
      missing: "the backups of the environment: the database did not answer",
    });
  });
});

describe("the cache", () => {
  test("of a process's own is counted by process", () => {
    const two = [snapshotAt(0, shop("w1", { shop_cache_shared: 0 }), shop("w2", { shop_cache_shared: 0 }))];
    expect(read("processes-with-private-cache", two).reading).toEqual({ value: 2 });
    expect(between("processes-with-private-cache", {}, { shop_cache_shared: 1 })).toEqual({ value: 0 });
    expect(between("cache-memory-of-tier", { shop_cache_bytes: 128 * MiB }, { shop_cache_bytes: 128 * MiB })).toEqual({
      value: 0.25,
    });
  });

  test("loses what the ratio before a restart is above the one after", () => {
    const restarted = [snapshotAt(0, shop("w1", cache(900, 100, -60))), snapshotAt(60, shop("w1", cache(150, 50, 30)))];
    expect(read("cache-hits-lost-at-restarts", restarted).reading).toEqual({ value: 0.15000000000000002 });
    const replaced = [snapshotAt(0, shop("w1", cache(900, 100, -60))), snapshotAt(60, shop("w2", cache(95, 5, 30)))];
    expect(read("cache-hits-lost-at-restarts", replaced).reading).toEqual({ value: 0 });
  });

  test("is judged by the first scrape with enough lookups since the restart", () => {
    const scrapes = [
      snapshotAt(0, shop("w1", cache(900, 100, -60))),
      snapshotAt(60, shop("w1", cache(0, 30, 55))),
      snapshotAt(120, shop("w1", cache(80, 120, 55))),
      snapshotAt(180, shop("w1", cache(900, 130, 55))),
    ];
    expect(read("cache-hits-lost-at-restarts", scrapes).reading).toEqual({ value: 0.5 });
  });

  test("needs a restart in the history or a day without one to say what is lost", () => {
    expect(read("cache-hits-lost-at-restarts", steady(600)).reading).toEqual({
      missing:
        "a restart in the history of shop_cache_hits_total: there are 600 s of it, it takes one restart with 100 lookups before and after it, or 86400 s without one",
    });
    expect(read("cache-hits-lost-at-restarts", steady(86_400)).reading).toEqual({ value: 0 });
  });
});
