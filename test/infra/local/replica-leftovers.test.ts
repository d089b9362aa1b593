import { existsSync, readdirSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { componentPlaces } from "../../../infra/local/layout.ts";
import { asAdmin } from "../../../infra/local/postgres/admin-connection.ts";
import { findOrphans, removeOrphans } from "../../../infra/local/operations/orphans.ts";
import { localProvider } from "../../../infra/local/provider/provider.ts";
import { readRoles } from "../../../infra/local/replication/server-roles.ts";
import { postgresInputs, TestEnvironment, urnOf, type Held } from "./support/test-environment.ts";

const plan = { maxConnections: 50, cpu: 1, memoryMiB: 512, sharedBuffersMiB: 64 };
const keepMiB = 64;

let it: TestEnvironment;
let first: Held;

beforeAll(async () => {
  it = await TestEnvironment.create();
  first = await it.make("PostgresServer", { ...postgresInputs(it.environment), ...plan });
  await ask("create table written (id int)");
}, 60_000);
afterAll(() => it.destroy());

async function ask(sql: string): Promise<readonly Record<string, unknown>[]> {
  const { paths, ports } = it.environment;
  const address = { sockets: componentPlaces(paths).postgres.sockets, port: ports.postgres };
  const query = (client: Parameters<Parameters<typeof asAdmin>[2]>[0]) => client.query<Record<string, unknown>>(sql);
  return (await asAdmin(address, "postgres", query, 5_000)).rows;
}

const slots = (): Promise<readonly Record<string, unknown>[]> => ask("select slot_name from pg_replication_slots");

function replicaInputs(): Record<string, unknown> {
  const { paths, ports } = it.environment;
  const own = { number: 1, port: ports.replicaFirst, firstPort: ports.postgres, poolerPort: ports.pgbouncer };
  return { paths, ...own, ...plan, keepMiB };
}

function roles(mode: "asynchronous" | "synchronous"): Record<string, unknown> {
  const { paths, ports } = it.environment;
  const servers = [
    { number: 0, port: ports.postgres },
    { number: 1, port: ports.replicaFirst },
  ];
  return { paths, poolerPort: ports.pgbouncer, primary: 0, term: 0, servers, mode, keepMiB };
}

/** The first server as it was made, and nothing of another one. */
async function expectOneServer(): Promise<void> {
  const { paths } = it.environment;
  expect(readRoles(paths)).toBeUndefined();
  expect(readdirSync(paths.data).filter((name) => name.includes("postgres"))).toEqual(["postgres"]);
  expect(existsSync(it.service("postgres-1"))).toBe(false);
  expect(await slots()).toEqual([]);
  expect(await ask("show max_slot_wal_keep_size")).toEqual([{ max_slot_wal_keep_size: "-1" }]);
  expect(await differences()).toEqual([]);
}

async function differences(): Promise<unknown> {
  const { props } = await localProvider.read(first.id, urnOf("PostgresServer"), first.state);
  return props?.["differences"] ?? [];
}

test("a replica that goes after the roles leaves no slot, which would keep log until the disk is full", async () => {
  const second = await it.make("PostgresReplica", replicaInputs());
  const replication = await it.make("Replication", roles("asynchronous"));
  // The order of the graph: the roles depend on the servers.
  await it.remove("Replication", replication);
  await it.remove("PostgresReplica", second);
  await expectOneServer();
});

test("a slot that an earlier way back has left is told, taken away by recover, and by the next update", async () => {
  const leave = () => ask("select from pg_create_physical_replication_slot('server_1', true)");
  const found = async () => (await findOrphans(it.environment, [])).filter(({ kind }) => kind === "slot");
  await ask("select from pg_create_physical_replication_slot('made_by_hand')");
  await leave();
  expect(await differences()).toEqual([
    { what: "replication slot server_1", expected: "none", found: "keeps log for nobody", harm: "serious" },
  ]);
  expect(await found()).toEqual([{ kind: "slot", name: "server_1" }]);
  await removeOrphans(it.environment, await found());
  expect([await differences(), await found()]).toEqual([[], []]);
  await leave();
  first = await it.change("PostgresServer", first, { ...postgresInputs(it.environment), ...plan });
  expect(await slots()).toEqual([{ slot_name: "made_by_hand" }]);
  await ask("select pg_drop_replication_slot('made_by_hand')");
  await expectOneServer();
});

test.each([
  ["its settings are cleared", (data: string) => join(data, "postgres", "postgresql.auto.conf")],
  ["its roles are removed", () => componentPlaces(it.environment.paths).serverRoles],
])(
  "an end of replication that is killed when %s is finished by the next: no commit waits for ever",
  async (_at, file) => {
    const second = await it.make("PostgresReplica", replicaInputs());
    const replication = await it.make("Replication", roles("synchronous"));
    expect(await ask("show synchronous_standby_names")).toEqual([{ synchronous_standby_names: "ANY 1 (server_1)" }]);
    await it.removeUntilChange("Replication", replication, file(it.environment.paths.data));
    await it.remove("Replication", replication);
    await it.remove("PostgresReplica", second);
    expect(await ask("insert into written values (1) returning id")).toEqual([{ id: 1 }]);
    await expectOneServer();
  },
);

test("a replica that cannot be made leaves nothing of itself", async () => {
  const { replicaFirst } = it.environment.ports;
  const occupant = createServer();
  await new Promise<void>((resolve) => occupant.listen(replicaFirst, "127.0.0.1", resolve));
  try {
    await expect(it.make("PostgresReplica", replicaInputs())).rejects.toThrow(/Address already in use/);
  } finally {
    occupant.close();
  }
  await expectOneServer();
});

test("a replica that another creation has made stays when it cannot be adopted", async () => {
  const { paths } = it.environment;
  const second = await it.make("PostgresReplica", replicaInputs());
  // A follower with fewer connections than its primary does not start.
  await expect(it.make("PostgresReplica", { ...replicaInputs(), maxConnections: 20 })).rejects.toThrow(/postgres-1/);
  expect(readRoles(paths)?.servers.map(({ number }) => number)).toEqual([0, 1]);
  expect(existsSync(join(paths.data, "postgres-1", "PG_VERSION"))).toBe(true);
  expect(await slots()).toEqual([{ slot_name: "server_1" }]);
  const again = await it.change("PostgresReplica", second, replicaInputs());
  expect(await ask("select state from pg_stat_replication")).toEqual([{ state: "streaming" }]);
  await it.remove("PostgresReplica", again);
  await expectOneServer();
});
