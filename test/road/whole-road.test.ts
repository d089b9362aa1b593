import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadLocalEnvironment } from "../../infra/environment/require-target.ts";
import { componentPlaces } from "../../infra/local/layout.ts";
import { asAdmin } from "../../infra/local/postgres/admin-connection.ts";
import { baseline } from "../../infra/topology/topology.ts";
import { installedShopctl } from "../support/installed-shopctl.ts";
import { startOutsideLoad } from "../support/outside-load.ts";
import { becomeCustomer, ordersOf } from "../support/shop-customer.ts";

/** The whole road there and back, with requests counted by somebody else; about ten minutes, so not part of `npm test`. */
const home = mkdtempSync("/tmp/shopctl-road-");
const shopctl = installedShopctl(home);
/** With a CDN few requests reach the shop itself: a window is long enough for its percentiles. */
const quick = ["--window", "15", "--yes"];

beforeAll(async () => {
  // Components run as other OS users and must be able to reach their folders.
  chmodSync(home, 0o755);
  const { exit, stderr } = await shopctl.run("env", "create", "road", "--users", "200", "--products", "200");
  expect(exit, stderr).toBe(0);
});

afterAll(async () => {
  await shopctl.run("env", "destroy", "road", "--confirm", "road");
  rmSync(home, { recursive: true, force: true });
});

test("to phase 3 and back to the baseline: no request fails, and no row is lost", async () => {
  const url = String(JSON.parse((await shopctl.run("scale", "status", "--json")).stdout).url);
  const customer = await becomeCustomer(url, "customer@example.test");
  const before = await rowsAndSums();
  const load = startOutsideLoad({ url, clients: 24, maxMs: 1_500_000 });
  try {
    const applied = await shopctl.run("scale", "apply", "--to", "3", ...quick);
    expect(applied.exit, applied.stderr).toBe(0);
    expect(await rowsAndSums()).toEqual(before);
    const undone = await shopctl.run("scale", "rollback", "--to", "0", ...quick);
    expect(undone.exit, undone.stderr).toBe(0);
  } finally {
    await load.stop();
  }
  const { requests, failures, longestMs } = await load.stop();
  console.info(`there and back: ${requests} requests, longest ${Math.round(longestMs)} ms`);
  expect(failures).toEqual([]);
  expect(await rowsAndSums()).toEqual(before);
  expect(await ordersOf(url, customer)).toEqual(customer.orders);
  const status = JSON.parse((await shopctl.run("scale", "status", "--json")).stdout);
  expect(status.topology).toEqual(baseline);
});

/** What the shop must not lose: how many orders and accounts there are, and the sums of money and stock. */
async function rowsAndSums(): Promise<unknown> {
  const { paths, ports } = await loadLocalEnvironment(home, "road");
  const database = { sockets: componentPlaces(paths).postgres.sockets, port: ports.postgres };
  const sql = `select (select count(*) from orders) as orders, (select sum(total_cents) from orders) as cents,
    (select count(*) from account) as accounts, (select sum(stock) from product) as stock`;
  return await asAdmin(database, "shop", async (client) => (await client.query<Record<string, string>>(sql)).rows);
}
