import { chmodSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { LocalEnvironment } from "../../infra/environment/environment.ts";
import { loadLocalEnvironment } from "../../infra/environment/require-target.ts";
import { componentPlaces } from "../../infra/local/layout.ts";
import { asAdmin } from "../../infra/local/postgres/admin-connection.ts";
import { installedShopctl } from "../support/installed-shopctl.ts";
import { startOutsideLoad } from "../support/outside-load.ts";
import { becomeCustomer, ordersOf } from "../support/shop-customer.ts";

/** Two environments of one machine through phases 1 and 2 at the same time, each under its own load; about six minutes. */
const home = mkdtempSync("/tmp/shopctl-two-");
const shopctl = installedShopctl(home);
const names = ["left", "right"] as const;
type Name = (typeof names)[number];

beforeAll(async () => {
  chmodSync(home, 0o755);
  const created = await Promise.all(
    names.map((name) => shopctl.run("env", "create", name, "--users", "200", "--products", "200")),
  );
  for (const { exit, stderr } of created) expect(exit, stderr).toBe(0);
});

afterAll(async () => {
  await Promise.all(names.map((name) => shopctl.run("env", "destroy", name, "--confirm", name)));
  rmSync(home, { recursive: true, force: true });
});

test("both reach the end of phase 2 at once: no request fails in either, and neither touches what is the other's", async () => {
  const [left, right] = await Promise.all([begin("left"), begin("right")]);
  const applied = await Promise.all(
    names.map((name) => shopctl.run("scale", "apply", "--env", name, "--to", "2", "--window", "15", "--yes")),
  );
  for (const { exit, stderr } of applied) expect(exit, stderr).toBe(0);
  expect(sharedPorts(left.environment, right.environment)).toEqual([]);
  expect([touchedBy(left.environment, right.environment), touchedBy(right.environment, left.environment)]).toEqual([
    [],
    [],
  ]);
  for (const one of [left, right]) await one.end();
});

/** One environment before it is scaled, under load, and what must hold of it afterwards. */
async function begin(name: Name): Promise<{ readonly environment: LocalEnvironment; end(): Promise<void> }> {
  const environment = await loadLocalEnvironment(home, name);
  const { url } = JSON.parse((await shopctl.run("scale", "status", "--env", name, "--json")).stdout) as { url: string };
  const customer = await becomeCustomer(url, `${name}@example.test`);
  const before = await accountsOf(environment);
  expect(before.mails).toEqual([`${name}@example.test`]);
  const load = startOutsideLoad({ url, clients: 12, maxMs: 1_500_000 });
  return {
    environment,
    async end() {
      const { requests, failures, longestMs } = await load.stop();
      console.info(`${name}: ${requests} requests, ${failures.length} failed, longest ${Math.round(longestMs)} ms`);
      expect(failures).toEqual([]);
      expect(requests).toBeGreaterThan(500);
      expect(await accountsOf(environment)).toEqual(before);
      expect(await ordersOf(url, customer)).toEqual(customer.orders);
    },
  };
}

/** How many accounts and orders there are, and whose accounts are not the seeder's. */
async function accountsOf({ paths, ports }: LocalEnvironment): Promise<{ readonly mails: readonly string[] }> {
  const database = { sockets: componentPlaces(paths).postgres.sockets, port: ports.postgres };
  const { rows } = await asAdmin(database, "shop", (client) =>
    client.query<{ accounts: number; orders: number; mails: string[] }>(
      `select (select count(*)::int from account) as accounts, (select count(*)::int from orders) as orders,
              array(select email from account where email !~ '^shopper\\d+@' order by email) as mails`,
    ),
  );
  return rows[0] ?? { mails: [] };
}

function sharedPorts(one: LocalEnvironment, other: LocalEnvironment): readonly number[] {
  const ports = new Set(Object.values(one.ports));
  return Object.values(other.ports).filter((port) => port > 1_024 && ports.has(port));
}

/** Processes of one environment that have a file of the other open, or know of it. */
function touchedBy({ paths }: LocalEnvironment, other: LocalEnvironment): readonly string[] {
  const [own, foreign] = [`${paths.root}/`, `${other.paths.root}/`];
  return readdirSync("/proc")
    .filter((pid) => /^\d+$/.test(pid) && namesIn(pid).some((text) => text.includes(own)))
    .flatMap((pid) => namesIn(pid).filter((text) => text.includes(foreign)));
}

/** The command line of a process and the files that it has open; nothing of one that is gone. */
function namesIn(pid: string): readonly string[] {
  try {
    const open = readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
    return [readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " "), ...open];
  } catch {
    return [];
  }
}
