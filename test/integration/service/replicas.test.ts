import { Redis } from "ioredis";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Order, OrderPage } from "../../../service/contract/orders.ts";
import { routes } from "../../../service/contract/routes.ts";
import { WriteMarks } from "../../../service/store/replicas/write-marks.ts";
import { startPgBouncer, type TestPgBouncer } from "../../support/pgbouncer.ts";
import { startPostgres, type TestPostgres } from "../../support/postgres.ts";
import { startRedis, type TestRedis } from "../../support/redis.ts";
import { startReplica, type TestReplica } from "../../support/replica.ts";
import { makePremium, migrateShop, openSessions, seedShop, startShop, type TestShop } from "../../support/shop.ts";
import { waitUntil } from "../../support/wait-until.ts";

let postgres: TestPostgres;
let replica: TestReplica;
let redis: TestRedis;
let poolers: TestPgBouncer[];
/** Two instances: what one writes the other must show. */
let shops: [TestShop, TestShop];
let tokens: string[];

beforeAll(async () => {
  [postgres, redis] = await Promise.all([startPostgres(["synchronous_commit = on"]), startRedis()]);
  await migrateShop(postgres);
  await seedShop(postgres, 40, 20);
  await makePremium(postgres);
  replica = await startReplica(postgres);
  poolers = await Promise.all([startPgBouncer(postgres), startPgBouncer(replica)]);
  const env = {
    SHOP_DATABASE_MODE: "pooled",
    SHOP_REPLICA_URLS: postgres.shopUrl(poolers[1]!.port),
    SHOP_CACHE: "redis",
    SHOP_REDIS_URL: redis.url,
    SHOP_LIMITS: "raised",
  };
  const start = () => startShop(postgres.shopUrl(poolers[0]!.port), env);
  shops = await Promise.all([start(), start()]);
  tokens = await openSessions(
    postgres,
    Array.from({ length: 40 }, (_, n) => n + 1),
  );
  await inUse(1);
});
afterAll(async () => {
  await Promise.all((shops ?? []).map((shop) => shop.stop()));
  await Promise.all((poolers ?? []).map((pooler) => pooler.stop()));
  await Promise.all([replica?.stop(), redis?.stop()]);
  await postgres?.stop();
});

async function inUse(value: 0 | 1): Promise<void> {
  await waitUntil(`in use: ${value}`, async () => {
    const values = await Promise.all(shops.map((shop) => shop.metric('shop_db_replica_in_use{replica="replica-1"}')));
    return values.every((found) => found === value);
  });
}

const reads = (shop: TestShop, server: string): Promise<number | undefined> =>
  shop.metric(`shop_db_replica_reads_total{server="${server}"}`);

let address = 0;
/** From an address of its own, so that no limit is met. */
function ask(shop: TestShop, token: string, json?: unknown): Promise<Response> {
  address += 1;
  const client = `10.9.${address >> 8}.${address & 255}`;
  return shop.fetch(routes.orders, json === undefined ? { token, client } : { token, client, json });
}

/** Places an order at the first shop and gives how the second one answers right after. */
async function orderAndList(token: string): Promise<{ placed: number; newest: number | undefined }> {
  const placed = (await (await ask(shops[0], token, { lines: [{ productId: 1, quantity: 1 }] })).json()) as Order;
  const listed = (await (await ask(shops[1], token)).json()) as OrderPage;
  return { placed: placed.id, newest: listed.items[0]?.id };
}

/** Readers who take turns until stopped; every answer counts. */
function startReaders(readerTokens: readonly string[]): {
  turns(): number;
  stop(): Promise<{ statuses: Set<number>; longestMs: number }>;
} {
  const seen = { statuses: new Set<number>(), longestMs: 0, turns: 0 };
  const stopping = new AbortController();
  const readers = [0, 1, 0, 1].map(async (shop) => {
    while (!stopping.signal.aborted) {
      const startedAt = performance.now();
      const answer = await ask(shops[shop]!, readerTokens[seen.turns % readerTokens.length]!);
      await answer.arrayBuffer();
      seen.statuses.add(answer.status);
      seen.longestMs = Math.max(seen.longestMs, performance.now() - startedAt);
      seen.turns += 1;
    }
  });
  return {
    turns: () => seen.turns,
    stop: async () => {
      stopping.abort();
      await Promise.all(readers);
      return seen;
    },
  };
}

it("reads go to the replica, through PgBouncer at both ends", async () => {
  const before = (await reads(shops[1], "replica-1")) ?? 0;
  for (let turn = 0; turn < 5; turn += 1) expect((await ask(shops[1], tokens[0]!)).status).toBe(200);
  expect(await reads(shops[1], "replica-1")).toBe(before + 5);
  expect(await shops[1].metric('shop_db_replica_lag_seconds{replica="replica-1"}')).toBeLessThan(1);
});

it("one's own order is shown at once by every instance, however far the replica is behind (fault 8)", async () => {
  await replica.pauseReplay();
  try {
    for (let turn = 0; turn < 10; turn += 1) {
      const { placed, newest } = await orderAndList(tokens[1]!);
      expect(newest).toBe(placed);
    }
    await inUse(0);
    const { placed, newest } = await orderAndList(tokens[1]!);
    expect(newest).toBe(placed);
  } finally {
    await replica.resumeReplay();
  }
  await inUse(1);
  const before = (await reads(shops[1], "replica-1")) ?? 0;
  await waitUntil("a read that the replica answers again", async () => {
    expect((await ask(shops[1], tokens[1]!)).status).toBe(200);
    return ((await reads(shops[1], "replica-1")) ?? 0) > before;
  });
});

it("fault 8: a replica that freezes costs no request and no order: reads go elsewhere within two seconds", async () => {
  const readers = startReaders(tokens.slice(10));
  await waitUntil("traffic", () => readers.turns() > 20);
  replica.freeze();
  const frozenAt = performance.now();
  try {
    await inUse(0);
    expect(performance.now() - frozenAt).toBeLessThan(2_000);
    const { placed, newest } = await orderAndList(tokens[3]!);
    expect(newest).toBe(placed);
    const before = (await reads(shops[0], "primary")) ?? 0;
    await waitUntil("reads at the primary", async () => ((await reads(shops[0], "primary")) ?? 0) > before + 20);
    expect(await shops[0].metric('shop_db_replica_lag_seconds{replica="replica-1"}')).toBeUndefined();
  } finally {
    replica.thaw();
  }
  await inUse(1);
  const { statuses, longestMs } = await readers.stop();
  expect([...statuses]).toEqual([200]);
  expect(longestMs).toBeLessThan(2_000);
});

it("without Redis nobody knows who wrote what, so the primary answers; it ends by itself", async () => {
  await redis.kill();
  try {
    const before = (await reads(shops[1], "replica-1")) ?? 0;
    const { placed, newest } = await orderAndList(tokens[0]!);
    expect(newest).toBe(placed);
    expect(await reads(shops[1], "replica-1")).toBe(before);
  } finally {
    await redis.start();
  }
  const before = (await reads(shops[1], "replica-1")) ?? 0;
  await waitUntil("a read at the replica", async () => {
    expect((await ask(shops[1], tokens[2]!)).status).toBe(200);
    return ((await reads(shops[1], "replica-1")) ?? 0) > before;
  });
});

it("marks of two processes that arrive in the other order keep the later position", async () => {
  const client = new Redis(redis.url);
  await client.ping();
  const marks = new WriteMarks(client);
  await marks.note(["account:77", "product:3"], 2_000_000_000_123);
  await marks.note(["account:77"], 1_000);
  expect(await Promise.all([marks.positionOf("account:77"), marks.positionOf("product:3")])).toEqual([
    2_000_000_000_123, 2_000_000_000_123,
  ]);
  expect(await marks.positionOf("account:78")).toBe(0);
  client.disconnect();
});

it("a replica that dies costs no request, and a shop without it stops as always", async () => {
  const readers = startReaders(tokens.slice(10));
  await waitUntil("traffic", () => readers.turns() > 20);
  await replica.kill();
  await inUse(0);
  const before = readers.turns();
  await waitUntil("traffic again", () => readers.turns() > before + 20);
  const { statuses } = await readers.stop();
  expect([...statuses]).toEqual([200]);
  expect(await Promise.all(shops.map((shop) => shop.stop()))).toEqual([0, 0]);
});
