import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { leaveReplaced } from "../../../infra/local/backup/leave-replaced.ts";
import { freshDatabase, oldDatabase, swapDatabases } from "../../../infra/local/backup/swap-databases.ts";
import { asAdmin } from "../../../infra/local/postgres/admin-connection.ts";
import { restrictDatabase } from "../../../infra/local/postgres/shop-database.ts";
import { internalRoutes, routes } from "../../../service/contract/routes.ts";
import { startPostgres, type TestPostgres } from "../../support/postgres.ts";
import { startRedis, type TestRedis } from "../../support/redis.ts";
import { startReplica, type TestReplica } from "../../support/replica.ts";
import { migrateShop, openSession, seedShop, startShop, type TestShop } from "../../support/shop.ts";
import { waitUntil } from "../../support/wait-until.ts";

let postgres: TestPostgres;
let replica: TestReplica;
let redis: TestRedis;
let shop: TestShop;
let token: string;

beforeAll(async () => {
  [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
  await migrateShop(postgres);
  await seedShop(postgres, 4, 20);
  token = await openSession(postgres, 1);
  await postgres.query("create role pooler login");
  replica = await startReplica(postgres);
}, 120_000);
afterAll(async () => {
  await shop?.stop();
  await Promise.all([replica?.stop(), redis?.stop()]);
  await postgres?.stop();
});

const primary = () => ({ sockets: postgres.socketDir, port: postgres.port });
const standby = () => ({ sockets: replica.socketDir, port: replica.port });

/** The price of a product, which is cached, and how many of the account's orders are of 7 cents, which is not. */
async function seen(): Promise<readonly [price: number, orders: number]> {
  const product = (await (await shop.fetch(routes.product.replace(":id", "1"))).json()) as { priceCents: number };
  const orders = (await (await shop.fetch(routes.orders, { token })).json()) as { items: { totalCents: number }[] };
  return [product.priceCents, orders.items.filter(({ totalCents }) => totalCents === 7).length];
}

const inUse = (): Promise<boolean> =>
  shop.metric('shop_db_replica_in_use{replica="replica-1"}').then((value) => value === 1);

it("after a restore no replica shows what was replaced, and no cache keeps it", async () => {
  const [product] = await postgres.query<{ price: number }>("select price_cents as price from product where id = 1");
  await asAdmin(primary(), "postgres", async (client) => {
    await client.query(`create database ${freshDatabase} template shop`);
    for (const name of ["shop", freshDatabase]) await restrictDatabase(client, name);
  });
  await postgres.query("update product set price_cents = 99999 where id = 1");
  await postgres.query("insert into orders (account_id, total_cents) select 1, 7 from generate_series(1, 3)");
  shop = await startShop(postgres.shopUrl(), {
    SHOP_REPLICA_URLS: postgres.shopUrl(replica.port),
    SHOP_CACHE: "redis",
    SHOP_REDIS_URL: redis.url,
  });
  await waitUntil("a replica in use", inUse);
  expect(await seen()).toEqual([99_999, 3]);

  await swapDatabases(primary());
  // What a reader sees and caches until then is why the caches forget only afterwards.
  await seen();
  expect(await leaveReplaced(primary(), [standby()])).toBe(true);
  expect((await fetch(shop.internalUrl + internalRoutes.forget, { method: "POST" })).ok).toBe(true);
  expect(await seen()).toEqual([product?.price, 0]);
  await waitUntil("the replica in use again", inUse);
  expect(await seen()).toEqual([product?.price, 0]);
  expect(await replica.query(`select from pg_stat_activity where datname = '${oldDatabase}'`)).toEqual([]);
}, 60_000);

it("a replica that does not show the swap yet is waited for, one that does not answer has no readers", async () => {
  await replica.pauseReplay();
  await asAdmin(primary(), "postgres", (client) => client.query(`drop database ${oldDatabase} with (force)`));
  await asAdmin(primary(), "postgres", (client) => client.query(`create database ${oldDatabase}`));
  const late = leaveReplaced(primary(), [standby()]);
  expect(await Promise.race([late, sleep(500, "waits")])).toBe("waits");
  await replica.resumeReplay();
  expect(await late).toBe(true);
  await replica.kill();
  expect(await leaveReplaced(primary(), [standby()])).toBe(true);
});
