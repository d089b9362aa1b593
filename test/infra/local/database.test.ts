import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";
import { componentPlaces } from "../../../infra/local/layout.ts";
import { commandOf, familyOf, identify, upSeconds } from "../../../infra/local/host/process-identity.ts";
import { askConsole } from "../../../infra/local/pgbouncer/pooler-console.ts";
import { withPause } from "../../../infra/local/pgbouncer/with-pause.ts";
import { asAdmin } from "../../../infra/local/postgres/admin-connection.ts";
import { serviceState } from "../../../infra/local/supervision/service-control.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { shopClient, startQueries } from "./support/queries.ts";
import { postgresInputs, TestEnvironment } from "./support/test-environment.ts";
import type { Held } from "./support/test-environment.ts";

const free = { maxConnections: 25, cpu: 0.5, memoryMiB: 256, sharedBuffersMiB: 64 };
const paid = { maxConnections: 100, cpu: 1, memoryMiB: 1_024, sharedBuffersMiB: 256 };

let it: TestEnvironment;
let postgres: Held;
let pooler: Held;

beforeAll(async () => {
  it = await TestEnvironment.create();
  // What an initdb that was killed leaves.
  mkdirSync(`${it.environment.paths.data}/.new-postgres/base`, { recursive: true });
  postgres = await it.make("PostgresServer", postgresInputs(it.environment));
  pooler = await it.make("PgBouncer", poolerInputs(10));
});
afterAll(() => it.destroy());

function poolerInputs(poolSize: number): Record<string, unknown> {
  const { paths, ports } = it.environment;
  return {
    paths,
    port: ports.pgbouncer,
    databasePort: ports.postgres,
    poolSize,
    poolerPassword: "pooler-password-for-tests",
  };
}

const admin = (): { sockets: string; port: number } => ({
  sockets: componentPlaces(it.environment.paths).postgres.sockets,
  port: it.environment.ports.postgres,
});
const console_ = (): { sockets: string; port: number } => ({
  sockets: componentPlaces(it.environment.paths).pgbouncer.sockets,
  port: it.environment.ports.pgbouncer,
});
const setting = (name: string): Promise<string> =>
  asAdmin(admin(), "postgres", async (client) => String((await client.query(`show ${name}`)).rows[0]?.[name]));
const clientOf = shopClient;

/** runit waits before it starts a process again that ran for less than a second. */
const settled = (): Promise<unknown> =>
  waitUntil("a second of running", () => (upSeconds(serviceState(it.service("postgres")).pid ?? 0) ?? 0) > 1.5);

test("the plan is in force, and only accounts with a password get in", async () => {
  expect(await setting("max_connections")).toBe("25");
  expect(await setting("shared_buffers")).toBe("64MB");
  expect(await setting("superuser_reserved_connections")).toBe("3");
  expect(await setting("listen_addresses")).toBe("127.0.0.1");
  const right = clientOf(it.environment.ports.postgres);
  await right.connect();
  await right.end();
  await expect(clientOf(it.environment.ports.postgres, "wrong").connect()).rejects.toThrow(
    /password authentication failed/,
  );
  await expect(clientOf(it.environment.ports.pgbouncer, "wrong").connect()).rejects.toThrow();
  const stored = await asAdmin(admin(), "postgres", (client) =>
    client.query("select rolpassword from pg_authid where rolname = 'shop'"),
  );
  expect(stored.rows[0]?.rolpassword).toMatch(/^SCRAM-SHA-256\$4096:/);
});

test("a slow statement is logged without what was bound to it", async () => {
  const client = clientOf(it.environment.ports.postgres);
  await client.connect();
  await client.query("select pg_sleep(0.6), $1::text", ["bound-and-secret"]);
  await client.end();
  // After it comes what Postgres would add in the same message.
  await expect(clientOf(it.environment.ports.postgres, "wrong").connect()).rejects.toThrow();
  const log = join(it.environment.paths.logs, "postgres", "current");
  const text = await waitUntil("the log of both", () => {
    const said = readFileSync(log, "utf8");
    const slowAt = said.indexOf("select pg_sleep(0.6), $1::text");
    return slowAt >= 0 && said.indexOf("password authentication failed", slowAt) > 0 && said;
  });
  expect(text).not.toContain("bound-and-secret");
});

test("a rerun of the creation adopts the running server", async () => {
  const { pid } = serviceState(it.service("postgres"));
  postgres = await it.make("PostgresServer", postgresInputs(it.environment));
  expect(serviceState(it.service("postgres")).pid).toBe(pid);
});

test("plans change up and down under queries: none fails, none waits for long", async () => {
  const queries = startQueries(it.environment, 8);
  await settled();
  postgres = await it.change("PostgresServer", postgres, { ...postgresInputs(it.environment), ...paid });
  pooler = await it.change("PgBouncer", pooler, poolerInputs(47));
  expect(await setting("max_connections")).toBe("100");
  expect(await setting("shared_buffers")).toBe("256MB");
  await settled();
  postgres = await it.change("PostgresServer", postgres, { ...postgresInputs(it.environment), ...free });
  pooler = await it.change("PgBouncer", pooler, poolerInputs(10));
  expect(await setting("max_connections")).toBe("25");
  await queries.more(200);
  const { done, failures, longestMs } = await queries.stop();
  expect(failures).toEqual([]);
  // Under 0.2 s on a quiet machine; two test files at a time made one restart take 1.3 s.
  expect(longestMs).toBeLessThan(3_000);
  console.log(`plan changes: ${done} queries, longest ${Math.round(longestMs)} ms`);
});

test("fault 10: behind a transaction that stays open the change is given up, nothing fails and the old plan stays", async ({
  annotate,
}) => {
  const open = clientOf(it.environment.ports.pgbouncer);
  await open.connect();
  await open.query("begin");
  await open.query("select 1");
  const queries = startQueries(it.environment, 4);
  await queries.more(20);
  await expect(it.change("PostgresServer", postgres, { ...postgresInputs(it.environment), ...paid })).rejects.toThrow(
    /transaction stayed open.*nothing was changed/s,
  );
  expect(await setting("max_connections")).toBe("25");
  const { done, failures, longestMs } = await queries.stop();
  await annotate(
    `${failures.length} of ${done} queries failed, none waited longer than ${Math.round(longestMs)} ms`,
    "figure",
  );
  expect(failures).toEqual([]);
  expect(longestMs).toBeLessThan(2_500);
  await open.query("rollback");
  await open.end();
}, 30_000);

test("a plan that was written and whose restart was killed is taken back by the next run to the plan before", async () => {
  await settled();
  const file = join(componentPlaces(it.environment.paths).postgres.config, "postgresql.conf");
  const paidInputs = { ...postgresInputs(it.environment), ...paid };
  await it.changeUntil("PostgresServer", postgres, paidInputs, () => readFileSync(file, "utf8").includes("'256MB'"));
  expect(await it.upTo("PostgresServer", postgres, postgresInputs(it.environment))).toBe("updated");
  expect(readFileSync(file, "utf8")).toContain("shared_buffers = '64MB'");
  expect([await setting("shared_buffers"), await setting("max_connections")]).toEqual(["64MB", "25"]);
  expect(await it.upTo("PostgresServer", postgres, postgresInputs(it.environment))).toBe("same");
});

test("a plan that is in the files but not in force is put into force", async () => {
  await settled();
  const file = join(componentPlaces(it.environment.paths).postgres.config, "postgresql.conf");
  const wanted = readFileSync(file, "utf8");
  writeFileSync(file, wanted.replace("max_connections = 25", "max_connections = 30"));
  const { pid } = serviceState(it.service("postgres"));
  process.kill(pid ?? 0, "SIGINT");
  await waitUntil("the other plan", async () => (await setting("max_connections")) === "30");
  writeFileSync(file, wanted);
  postgres = await it.change("PostgresServer", postgres, postgresInputs(it.environment));
  expect(await setting("max_connections")).toBe("25");
  const running = serviceState(it.service("postgres")).pid;
  postgres = await it.change("PostgresServer", postgres, postgresInputs(it.environment));
  expect(serviceState(it.service("postgres")).pid).toBe(running);
});

test("a pooler that stops answering for a while in the pause does not stay paused", async () => {
  const { pid = 0 } = serviceState(it.service("pgbouncer"));
  await withPause(console_(), async () => {
    process.kill(pid, "SIGSTOP");
    setTimeout(() => process.kill(pid, "SIGCONT"), 4_500);
  });
  const client = clientOf(it.environment.ports.pgbouncer);
  await client.connect();
  expect((await client.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
  await client.end();
});

test("a pooler that a killed run left paused is resumed by the next change", async () => {
  await askConsole(console_(), "PAUSE shop");
  pooler = await it.change("PgBouncer", pooler, poolerInputs(11));
  const client = clientOf(it.environment.ports.pgbouncer);
  await client.connect();
  expect((await client.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
  await client.end();
});

test("when its process is killed, the pause ends by itself", async () => {
  const script = `import { withPause } from ${JSON.stringify(join(import.meta.dirname, "../../../infra/local/pgbouncer/with-pause.ts"))};
    await withPause(${JSON.stringify(console_())}, () => { process.kill(process.pid, "SIGKILL"); return new Promise(() => {}); });`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: "inherit" });
  expect(await once(child, "exit")).toEqual([null, "SIGKILL"]);
  const client = clientOf(it.environment.ports.pgbouncer);
  const startedAt = performance.now();
  await client.connect();
  await client.query("select 1");
  await client.end();
  expect(performance.now() - startedAt).toBeLessThan(2_000);
});

test("new passwords work at once, old ones no more", async () => {
  postgres = await it.change("PostgresServer", postgres, {
    ...postgresInputs(it.environment),
    shopPassword: "another-password-for-tests",
  });
  const client = clientOf(it.environment.ports.postgres, "another-password-for-tests");
  await client.connect();
  await client.end();
  await expect(clientOf(it.environment.ports.postgres).connect()).rejects.toThrow(/password authentication failed/);
});

test("an initdb ends with the shopctl that began it", async () => {
  const folder = mkdtempSync("/tmp/shopctl-initdb-");
  chmodSync(folder, 0o755);
  const script = join(import.meta.dirname, "fixtures", "initialise-until-killed.ts");
  const child = spawn(process.execPath, [script, join(folder, "data")], { stdio: "inherit" });
  const exit = once(child, "exit");
  const initdb = await waitUntil("initdb", () =>
    familyOf(child.pid ?? 0).find((pid) => commandOf(pid)[0]?.endsWith("/initdb")),
  );
  try {
    // So that it cannot come to its end by itself.
    process.kill(initdb, "SIGSTOP");
    child.kill("SIGKILL");
    await exit;
    await waitUntil("the end of initdb", () => identify(initdb) === undefined, 3_000);
  } finally {
    if (identify(initdb) !== undefined) process.kill(initdb, "SIGKILL");
    await waitUntil("its draft to be nobody's", () => (rmSync(folder, { recursive: true, force: true }), true));
  }
});

test("a killed server recovers, with its rows", async () => {
  await asAdmin(admin(), "shop", (client) => client.query("create table kept as select 42 as answer"));
  const { pid } = serviceState(it.service("postgres"));
  process.kill(pid ?? 0, "SIGKILL");
  await waitUntil(
    "the server again",
    async () =>
      (await asAdmin(admin(), "shop", (client) => client.query("select answer from kept"))).rows[0]?.answer === 42,
  );
});

test("pooler and server are deleted, the data stays", async () => {
  await it.remove("PgBouncer", pooler);
  await it.remove("PostgresServer", postgres);
  expect(existsSync(it.service("postgres"))).toBe(false);
  expect(existsSync(`${it.environment.paths.data}/postgres/PG_VERSION`)).toBe(true);
});
