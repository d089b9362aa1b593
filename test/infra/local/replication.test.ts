import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { contentHash } from "../../../infra/local/release/content-hash.ts";
import { familyOf } from "../../../infra/local/host/process-identity.ts";
import { componentPlaces } from "../../../infra/local/layout.ts";
import { localTarget } from "../../../infra/local/local-target.ts";
import { answers, asAdmin } from "../../../infra/local/postgres/admin-connection.ts";
import { databaseServer } from "../../../infra/local/replication/database-server.ts";
import { ensureStandby } from "../../../infra/local/replication/ensure-standby.ts";
import { failOver } from "../../../infra/local/replication/fail-over.ts";
import { leaveServers } from "../../../infra/local/replication/join-servers.ts";
import { writeStandbySignal } from "../../../infra/local/replication/replication-settings.ts";
import { stopSupervised } from "../../../infra/local/replication/server-process.ts";
import { readRoles, writeRoles } from "../../../infra/local/replication/server-roles.ts";
import { withLock } from "../../../infra/local/replication/with-lock.ts";
import { localProvider } from "../../../infra/local/provider/provider.ts";
import { control, serviceState } from "../../../infra/local/supervision/service-control.ts";
import { bundleProgram } from "./support/bundle-program.ts";
import { startWrites, type Pooler } from "../../support/database-writes.ts";
import { killForGood } from "../../support/kill-for-good.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { startQueries } from "./support/queries.ts";

import { postgresInputs, TestEnvironment, urnOf, type Held } from "./support/test-environment.ts";

const plan = { maxConnections: 50, cpu: 1, memoryMiB: 512, sharedBuffersMiB: 64 };
const keepMiB = 64;

let it: TestEnvironment;
let first: Held;
let second: Held;
let replication: Held;
let guard: Held;

beforeAll(async () => {
  it = await TestEnvironment.create();
  const { paths, ports } = it.environment;
  first = await it.make("PostgresServer", { ...postgresInputs(it.environment), ...plan });
  await it.make("PgBouncer", {
    paths,
    port: ports.pgbouncer,
    databasePort: ports.postgres,
    poolSize: 20,
    poolerPassword: "pooler-password-for-tests",
  });
  await asAdmin(address(), "shop", async (client) => {
    await client.query("create table written (id bigint primary key, at timestamptz default now())");
    await client.query("grant insert, select on written to shop");
  });
  second = await it.make("PostgresReplica", replicaInputs());
  replication = await it.make("Replication", roles(0, 0));
}, 60_000);
afterAll(() => it.destroy());

const address = (): { sockets: string; port: number } => ({
  sockets: componentPlaces(it.environment.paths).postgres.sockets,
  port: it.environment.ports.postgres,
});
const server = (number: number): ReturnType<typeof databaseServer> =>
  databaseServer(
    it.environment.paths,
    { number, port: number === 0 ? it.environment.ports.postgres : it.environment.ports.replicaFirst },
    readRoles(it.environment.paths)?.term ?? 0,
  );
const ask = async (number: number, sql: string): Promise<Record<string, unknown> | undefined> =>
  (await asAdmin(server(number).admin, "shop", (client) => client.query<Record<string, unknown>>(sql))).rows[0];
const primaryNow = (): number | undefined => readRoles(it.environment.paths)?.primary;

function replicaInputs(): Record<string, unknown> {
  const { paths, ports } = it.environment;
  const own = { number: 1, port: ports.replicaFirst, firstPort: ports.postgres, poolerPort: ports.pgbouncer };
  return { paths, ...own, ...plan, keepMiB };
}

function roles(primary: number, term: number, mode = "asynchronous"): Record<string, unknown> {
  const { paths, ports } = it.environment;
  const servers = [
    { number: 0, port: ports.postgres },
    { number: 1, port: ports.replicaFirst },
  ];
  return { paths, poolerPort: ports.pgbouncer, primary, term, servers, mode, keepMiB };
}

async function differences(type: string, held: Held): Promise<unknown> {
  const { props } = await localProvider.read(held.id, urnOf(type), held.state);
  return props?.["differences"] ?? [];
}

async function streaming(): Promise<void> {
  await waitUntil(
    "a follower that streams",
    async () =>
      (
        await asAdmin(address(), "postgres", (c) =>
          c.query("select from pg_stat_replication where state = 'streaming' and application_name like 'server%'"),
        )
      ).rowCount === 1,
    60_000,
  );
}

test("a replica follows the primary, with its plan and its limits, and nothing is amiss", async () => {
  const told = "current_setting('max_connections') as most, current_setting('wal_retrieve_retry_interval') as again";
  expect(await ask(1, `select pg_is_in_recovery() as follows, ${told}`)).toEqual({
    follows: true,
    most: "50",
    // A promotion may be seen only then.
    again: "200ms",
  });
  await asAdmin(address(), "shop", (client) => client.query("insert into written (id) values (0)"));
  await waitUntil(
    "the row on the replica",
    async () => (await ask(1, "select count(*)::int as n from written"))?.["n"] === 1,
  );
  expect(await differences("PostgresServer", first)).toEqual([]);
  expect(await differences("PostgresReplica", second)).toEqual([]);
  expect(await differences("Replication", replication)).toEqual([]);
  expect((await asAdmin(address(), "postgres", (c) => c.query("show max_slot_wal_keep_size"))).rows).toEqual([
    { max_slot_wal_keep_size: "64MB" },
  ]);
});

test("roles and replica that were to go are made as they were when they are wanted again, whichever had gone", async () => {
  await it.remove("Replication", replication);
  expect(await it.upTo("Replication", replication, roles(0, 0))).toBe("updated");
  await streaming();
  await it.remove("Replication", replication);
  await it.remove("PostgresReplica", second);
  expect(await it.upTo("PostgresReplica", second, replicaInputs())).toBe("updated");
  replication = await it.make("Replication", roles(0, 0));
  await streaming();
  expect(await it.upTo("PostgresReplica", second, replicaInputs())).toBe("same");
  expect(await differences("PostgresReplica", second)).toEqual([]);
  expect(await differences("Replication", replication)).toEqual([]);
});

test("fault 1: another server becomes the primary under load, and the first one again, without a failed query", async ({
  annotate,
}) => {
  const queries = startQueries(it.environment, 8);
  const writes = startWrites(pooler(), 4, 1_000_000);
  await queries.more(200);
  replication = await it.change("Replication", replication, roles(1, 1));
  expect(await ask(1, "select pg_is_in_recovery() as follows")).toEqual({ follows: false });
  expect(await ask(0, "select pg_is_in_recovery() as follows")).toEqual({ follows: true });
  expect(await differences("PostgresServer", first)).toEqual([]);
  expect(await differences("PostgresReplica", second)).toEqual([]);
  expect(await differences("Replication", replication)).toEqual([]);
  await queries.more(200);
  replication = await it.change("Replication", replication, roles(0, 2));
  await queries.more(200);
  const [reads, written] = [await queries.stop(), await writes.stop()];
  const longestMs = Math.round(Math.max(reads.longestMs, written.longestMs));
  await annotate(
    `${reads.failures.length + written.failures.length} of ${reads.done + written.acknowledged.length + written.failures.length} queries failed in two switches, longest ${longestMs} ms, ${await lostOf(written.acknowledged)} of ${written.acknowledged.length} rows lost`,
    "figure",
  );
  expect([...reads.failures, ...written.failures]).toEqual([]);
  expect(await lostOf(written.acknowledged)).toBe(0);
  expect(longestMs).toBeLessThan(2_000);
  await differencesGone();
});

async function differencesGone(): Promise<void> {
  for (const [type, held] of [
    ["PostgresServer", first],
    ["PostgresReplica", second],
    ["Replication", replication],
  ] as const)
    expect(await differences(type, held)).toEqual([]);
}

/** Acknowledged rows that the primary does not have. */
async function lostOf(acknowledged: readonly number[]): Promise<number> {
  const { rows } = await asAdmin(address(), "shop", (client) =>
    client.query<{ lost: number }>(
      "select count(*)::int as lost from unnest($1::bigint[]) as sent (id) where not exists (select from written where written.id = sent.id)",
      [acknowledged],
    ),
  );
  return rows[0]?.lost ?? -1;
}

test("a server that is the primary is not removed, and roles of an earlier term are refused", async () => {
  await expect(it.change("Replication", replication, roles(1, 1))).rejects.toThrow(/since the stack was last updated/);
  expect(primaryNow()).toBe(0);
});

test("fault 9: a replica that comes back when its log is gone is copied anew by the guard", async ({ annotate }) => {
  const { paths, ports } = it.environment;
  const program = await bundleProgram("infra/local/replication/guard/main.ts", join(it.home, "guard"));
  const release = await it.make("Release", {
    releases: paths.releases,
    source: program,
    hash: contentHash(program),
    node: process.execPath,
  });
  guard = await it.make("ReplicationGuard", {
    paths,
    poolerPort: ports.pgbouncer,
    releaseFolder: release.state["folder"],
  });
  await loseLogOf(1);
  const backAt = performance.now();
  await streaming();
  await annotate(
    `copied and streaming ${Math.round((performance.now() - backAt) / 100) / 10} s after it was back`,
    "figure",
  );
  expect((await ask(1, "select count(*)::int as n from filler"))?.["n"]).toBe(8);
  await asAdmin(address(), "shop", (client) => client.query("drop table filler"));
});

test("fault 7: a primary that is killed and stays down is replaced, fenced, and copied anew as a follower", async ({
  annotate,
}) => {
  const writes = startWrites(pooler(), 4, 2_000_000);
  await delay(500);
  await killForGood(server(0).service);
  await waitUntil("another primary", () => primaryNow() === 1, 20_000);
  await delay(1_500);
  const { acknowledged, longestGapMs } = await writes.stop();
  await annotate(
    `asynchronous: writes were back after ${(longestGapMs / 1_000).toFixed(1)} s, ${await lostOf(acknowledged)} of ${acknowledged.length} acknowledged rows lost`,
    "figure",
  );
  expect(longestGapMs).toBeLessThan(10_000);
  expect(existsSync(`${server(0).data}.replaced/PG_VERSION`)).toBe(true);
  await streaming();
  expect(await ask(0, "select pg_is_in_recovery() as follows")).toEqual({ follows: true });
  // The stack still has the first one as the primary: that is told, and never undone.
  expect(await differences("Replication", replication)).toContainEqual(
    expect.objectContaining({ what: "primary", harm: "serious" }),
  );
  await expect(it.change("Replication", replication, roles(0, 2))).rejects.toThrow(/since the stack was last updated/);
  const { term } = readRoles(it.environment.paths)!;
  replication = await it.change("Replication", replication, roles(1, term, "synchronous"));
  await differencesGone();
}, 90_000);

test("fault 7: in synchronous mode no acknowledged row is lost with the primary", async ({ annotate }) => {
  const writes = startWrites(pooler(), 4, 3_000_000);
  await delay(500);
  await killForGood(server(1).service);
  await waitUntil("another primary", () => primaryNow() === 0, 20_000);
  await delay(1_500);
  const { acknowledged, longestGapMs } = await writes.stop();
  const lost = await lostOf(acknowledged);
  await annotate(
    `synchronous: writes were back after ${(longestGapMs / 1_000).toFixed(1)} s, ${lost} of ${acknowledged.length} acknowledged rows lost`,
    "figure",
  );
  expect(lost).toBe(0);
  expect(longestGapMs).toBeLessThan(10_000);
  await streaming();
  await waitUntil("commits that wait for the follower", async () => (await synchronousNow()) === "ANY 1 (server_1)");
}, 90_000);

test("a switch that was killed once it had written the roles is finished by the guard", async () => {
  const { paths } = it.environment;
  const before = readRoles(paths)!;
  await withLock(paths, "roles", async () => {
    await stopSupervised(paths, server(0));
    await writeStandbySignal(server(0).data);
    await writeRoles(paths, { ...before, primary: 1, term: before.term + 1, exempt: [0] });
  });
  const insert = (id: number): Promise<unknown> =>
    asAdmin(address(), "shop", (client) => client.query("insert into written (id) values ($1)", [id]));
  await waitUntil("a row at the primary's address", () => insert(4_000_000), 20_000);
  expect(primaryNow()).toBe(1);
  await streaming();
  replication = await it.change("Replication", replication, roles(0, before.term + 2, "synchronous"));
  await insert(4_000_001);
  expect(primaryNow()).toBe(0);
  await streaming();
}, 90_000);

test("a server that becomes the primary while it is being copied anew is left alone", async () => {
  const { paths } = it.environment;
  const before = readRoles(paths)!;
  const helped = await withLock(paths, "roles", async () => {
    await loseLogOf(1);
    const helping = ensureStandby(paths, 1).then(
      () => "it follows",
      (error: Error) => error.message,
    );
    await waitUntil("the slot anew", async () => (await slotOf(1)) !== "lost");
    await failOver(paths, before, { sockets: componentPlaces(paths).pgbouncer.sockets, port: pooler().port });
    return { helping };
  });
  expect(await helped.helping).toBe("server 1 is the primary");
  expect(await ask(1, "select pg_is_in_recovery() as follows")).toEqual({ follows: false });
  expect(await lostOf([0, 4_000_000])).toBe(0);
  await streaming();
  replication = await it.change("Replication", replication, roles(0, before.term + 2, "synchronous"));
  await streaming();
}, 90_000);

test("a primary that is killed and comes back by itself stays the primary", async () => {
  const before = readRoles(it.environment.paths)?.term;
  const { pid = 0 } = serviceState(server(0).service);
  process.kill(pid, "SIGKILL");
  await waitUntil(
    "the primary again",
    async () => (await ask(0, "select pg_is_in_recovery() as follows"))?.["follows"] === false,
  );
  await streaming();
  expect(readRoles(it.environment.paths)?.term).toBe(before);
});

test("a primary that is too busy to answer stays the primary, one that is frozen does not", async () => {
  const { paths } = it.environment;
  const before = readRoles(paths)!;
  const { pid = 0 } = serviceState(server(0).service);
  // Counts for longer than the guard waits for a silent one, while nobody gets in.
  const busy = ask(0, "do $$ begin loop null; end loop; end $$").catch(() => undefined);
  await waitUntil("a busy backend", async () => {
    const asked =
      "select count(*)::int as busy from pg_stat_activity where state = 'active' and query like '%loop null%'";
    return Number((await ask(0, asked))?.["busy"]) > 1;
  });
  process.kill(pid, "SIGSTOP");
  await delay(8_000);
  process.kill(pid, "SIGCONT");
  expect(readRoles(paths)).toEqual(before);
  for (const each of familyOf(pid)) process.kill(each, "SIGSTOP");
  await waitUntil("another primary", () => primaryNow() === 1, 20_000);
  await busy;
  await streaming();
  replication = await it.change("Replication", replication, roles(0, before.term + 2, "synchronous"));
  await streaming();
}, 120_000);

test("without guard, roles and replica one server is left, with its data", async () => {
  await it.remove("ReplicationGuard", guard);
  await it.change("Replication", replication, roles(0, readRoles(it.environment.paths)!.term));
  await it.remove("PostgresReplica", second);
  expect([existsSync(server(1).service), existsSync(server(1).data), existsSync(server(1).config)]).toEqual([
    false,
    false,
    false,
  ]);
  expect((await asAdmin(address(), "postgres", (c) => c.query("select from pg_replication_slots"))).rowCount).toBe(0);
  expect(await lostOf([0])).toBe(0);
  expect(existsSync(join(server(0).data, "PG_VERSION"))).toBe(true);
});

test("a primary is not removed, unless its environment goes: then the other server is no reason to stop", async () => {
  second = await it.make("PostgresReplica", replicaInputs());
  replication = await it.make("Replication", roles(1, readRoles(it.environment.paths)!.term + 1));
  await expect(it.remove("PostgresReplica", second)).rejects.toThrow(/server 1 is the primary: it is not removed/);
  // As after a creation that failed: its data stays, whoever asks.
  const { ports, paths } = it.environment;
  const leaving = { number: 1, port: ports.replicaFirst, firstPort: ports.postgres };
  await expect(leaveServers(paths, leaving)).rejects.toThrow(/server 1 is the primary: it is not removed/);
  expect(await lostOf([0])).toBe(0);
  await localTarget(it.environment).unprotect();
  await it.remove("Replication", replication);
  await it.remove("PostgresReplica", second);
  await it.remove("PostgresServer", first);
  expect([existsSync(server(1).service), existsSync(server(0).service)]).toEqual([false, false]);
});

async function synchronousNow(): Promise<unknown> {
  const { rows } = await asAdmin(address(), "postgres", (client) => client.query("show synchronous_standby_names"));
  return rows[0]?.synchronous_standby_names;
}

/** Stops a follower until the primary has removed log that it needs, and starts it again. */
async function loseLogOf(number: number): Promise<void> {
  await control(server(number).service, "d");
  await waitUntil("its end", () => serviceState(server(number).service).pid === undefined);
  await asAdmin(address(), "shop", async (client) => {
    await client.query("set synchronous_commit = local");
    await client.query("create table filler (n int)");
    for (let segment = 1; segment <= 8; segment += 1) {
      await client.query("insert into filler values ($1)", [segment]);
      await client.query("select pg_switch_wal()");
    }
    await client.query("checkpoint");
  });
  expect(await slotOf(number)).toBe("lost");
  await control(server(number).service, "u");
  await waitUntil("its answer", () => answers(server(number).admin));
}

async function slotOf(number: number): Promise<unknown> {
  const { rows } = await asAdmin(address(), "postgres", (client) =>
    client.query("select wal_status from pg_replication_slots where slot_name = $1", [`server_${number}`]),
  );
  return rows[0]?.wal_status;
}

/** As the shop reaches the database. */
function pooler(): Pooler {
  return { port: it.environment.ports.pgbouncer, password: "shop-password-for-tests" };
}
