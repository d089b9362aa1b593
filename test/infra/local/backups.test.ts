import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import * as esbuild from "esbuild";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { noteBytes, notedBytes } from "../../../infra/local/backup/database-size.ts";
import { takeBackup } from "../../../infra/local/backup/take-backup.ts";
import { installation } from "../../../infra/installation.ts";
import { currentUser } from "../../../infra/local/host/os-users.ts";
import { commandOf } from "../../../infra/local/host/process-identity.ts";
import { contentHash } from "../../../infra/local/release/content-hash.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { watchSyncs } from "../../support/watch-syncs.ts";
import { componentPlaces } from "../../../infra/local/layout.ts";
import { createBackup, finishRestore, listBackups, restoreBackup } from "../../../infra/local/operations/backups.ts";
import { observePartitions } from "../../../infra/local/postgres/observe-partitions.ts";
import { partitionAttempts } from "../../../service/tasks/layout/partition-attempts.ts";
import type { AdminTarget } from "../../../infra/local/postgres/admin-connection.ts";
import { asAdmin } from "../../../infra/local/postgres/admin-connection.ts";
import { removeService } from "../../../infra/local/supervision/remove-service.ts";
import { serviceState } from "../../../infra/local/supervision/service-control.ts";
import { ensureService } from "../../../infra/local/supervision/service-folder.ts";
import { shopClient } from "./support/queries.ts";
import { postgresInputs, TestEnvironment } from "./support/test-environment.ts";
import type { Held } from "./support/test-environment.ts";

let it: TestEnvironment;
let schedule: Held;
let scheduled: Record<string, unknown>;
let build: string;
let schema: Record<string, unknown>;

beforeAll(async () => {
  build = mkdtempSync("/tmp/shopctl-backup-");
  await esbuild.build({
    entryPoints: [join(import.meta.dirname, "../../../infra/local/backup/main.ts")],
    outfile: join(build, "index.js"),
    bundle: true,
    platform: "node",
    format: "cjs",
    external: ["pg-native"],
    define: { "import.meta.dirname": "__dirname" },
  });
  it = await TestEnvironment.create();
  const { paths, ports } = it.environment;
  await it.make("PostgresServer", postgresInputs(it.environment));
  await it.make("PgBouncer", {
    paths,
    port: ports.pgbouncer,
    databasePort: ports.postgres,
    poolSize: 5,
    poolerPassword: "pooler-password-for-tests",
  });
  const release = await it.make("Release", {
    releases: paths.releases,
    source: installation.serviceRelease,
    hash: contentHash(installation.serviceRelease),
    node: process.execPath,
  });
  const { sockets } = componentPlaces(paths).postgres;
  schema = { sockets, port: ports.postgres, releaseFolder: release.state["folder"], migrationsHash: "any" };
  await it.make("Schema", schema);
  await database((client) =>
    client.query("create table thing as select 1 as id; grant select, insert on thing to shop"),
  );
});
afterAll(async () => {
  rmSync(build, { recursive: true, force: true });
  await it.destroy();
});

const admin = (): AdminTarget => ({
  sockets: componentPlaces(it.environment.paths).postgres.sockets,
  port: it.environment.ports.postgres,
});
const database = <T>(work: (client: pg.Client) => Promise<T>): Promise<T> => asAdmin(admin(), "shop", work);

const scheduleCommand = (): string => commandOf(serviceState(it.service("backup-schedule")).pid ?? 0).join(" ");

/** Makes snooze believe that the hour has come: it takes this signal for that, which before it catches it would be its end. */
async function bringTheHour(): Promise<void> {
  const { pid = 0 } = serviceState(it.service("backup-schedule"));
  await waitUntil("snooze to catch the signal", () => {
    const caught = /^SigCgt:\s*(\w+)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? "0";
    return (BigInt(`0x${caught}`) & (1n << BigInt(constants.signals.SIGALRM - 1))) !== 0n;
  });
  process.kill(pid, "SIGALRM");
}

test("without the paid plan there are no backups, and the refusal names the step", async () => {
  await expect(createBackup(it.environment)).rejects.toMatchObject({
    code: "backups-not-in-plan",
    message: expect.stringContaining("database-paid"),
  });
});

test("the schedule waits under supervision for the night, takes a backup then, and waits again", async () => {
  const { paths, ports } = it.environment;
  const release = await it.make("Release", {
    releases: paths.releases,
    source: build,
    hash: contentHash(build),
    node: process.execPath,
  });
  scheduled = { paths, databasePort: ports.postgres, releaseFolder: release.state["folder"], hour: 3 };
  schedule = await it.make("BackupSchedule", scheduled);
  expect(scheduleCommand()).toMatch(/snooze -H 3 -M 0 /);
  const { pid } = serviceState(it.service("backup-schedule"));
  await bringTheHour();
  await waitUntil("a nightly backup", async () => (await listBackups(it.environment))[0]?.kind === "nightly");
  await waitUntil("snooze again", () => scheduleCommand().includes("/snooze -H 3 "));
  expect(serviceState(it.service("backup-schedule")).pid).not.toBe(pid);
});

test("a schedule that changes while it takes a backup takes that to its end, and has the new hour then", async () => {
  const nightly = (await listBackups(it.environment)).length;
  const holder = new pg.Client({ ...admin(), host: admin().sockets, user: "postgres", database: "shop" });
  await holder.connect();
  await holder.query("begin; lock table thing");
  await bringTheHour();
  await waitUntil("a dump that waits for the table", async () => {
    const found = await database((client) =>
      client.query("select from pg_stat_activity where application_name = 'pg_dump' and wait_event_type = 'Lock'"),
    );
    return found.rowCount === 1;
  });
  schedule = await it.change("BackupSchedule", schedule, { ...scheduled, hour: 4 });
  expect((await listBackups(it.environment)).length).toBe(nightly);
  await holder.end();
  await waitUntil("the backup", async () => (await listBackups(it.environment)).length === nightly + 1);
  await waitUntil("the new hour", () => scheduleCommand().includes("/snooze -H 4 "));
});

test("a restore brings the backup back, says what is gone, and can be undone", async () => {
  const made = await createBackup(it.environment);
  expect(made.id).toMatch(/^manual-\d{8}T\d{6}Z$/);
  expect(made.sizeBytes).toBeGreaterThan(0);
  const { backups } = it.environment.paths;
  const size = await database((client) =>
    client.query<{ mib: number }>("select pg_database_size('shop') / 1048576 as mib"),
  );
  expect(Math.round(((await notedBytes(backups, made.id)) ?? 0) / 1_048_576)).toBeCloseTo(
    Number(size.rows[0]?.mib),
    -1,
  );
  // One that was three petabytes large: nothing of it is restored.
  await noteBytes(backups, made.id, 3e15);
  await expect(restoreBackup(it.environment, made.id)).rejects.toMatchObject({ code: "refused" });
  await noteBytes(backups, made.id, 1);
  await database((client) => client.query("insert into thing values (2), (3)"));

  const shopper = new pg.Client({
    host: "127.0.0.1",
    port: it.environment.ports.pgbouncer,
    user: "shop",
    password: "shop-password-for-tests",
    database: "shop",
  });
  await shopper.connect();
  const exporter = await it.make("Exporter", {
    paths: it.environment.paths,
    kind: "postgres",
    port: it.environment.ports.postgresExporter,
    sourcePort: it.environment.ports.postgres,
  });
  const restoration = await restoreBackup(it.environment, made.id);
  await waitUntil("the exporter to get into the restored database", async () => {
    const metrics = await fetch(`http://127.0.0.1:${it.environment.ports.postgresExporter}/metrics`);
    return (await metrics.text()).includes("\npg_up 1\n");
  });
  await it.remove("Exporter", exporter);
  expect(restoration.restored).toEqual(made);
  expect(restoration.changes).toEqual([{ table: "thing", rowsBefore: 3, rowsAfter: 1 }]);
  // The shop's connection to the pooler outlived it, and its rights are those of before.
  expect((await shopper.query("select id from thing")).rows).toEqual([{ id: 1 }]);

  const undone = await restoreBackup(it.environment, restoration.safetyBackup.id);
  expect(undone.changes).toEqual([{ table: "thing", rowsBefore: 1, rowsAfter: 3 }]);
  expect((await shopper.query("select count(*)::int as rows from thing")).rows).toEqual([{ rows: 3 }]);
  await shopper.end();
  expect((await listBackups(it.environment)).map((backup) => backup.kind).toSorted()).toEqual([
    "manual",
    "nightly",
    "nightly",
    "safety",
    "safety",
  ]);
});

/** Makes the database an empty one of a release whose last migration came before `next`, however many came since. */
function beforeMigration(next: string): (client: pg.ClientBase) => Promise<unknown> {
  const folder = join(installation.serviceRelease, "migrations");
  const files = readdirSync(folder).filter((file) => file < next);
  return async (client) => {
    await client.query("create temporary table migrated as select * from schema_migration where name < $1", [next]);
    await client.query("drop schema public cascade; create schema public; grant usage on schema public to shop");
    for (const file of files.toSorted()) await client.query(readFileSync(join(folder, file), "utf8"));
    await client.query(
      `create table schema_migration (id serial primary key, name varchar(255) not null, run_on timestamp not null);
       insert into schema_migration (name, run_on) select name, run_on from migrated order by id`,
    );
  };
}

test("a restore brings an older schema to the release's, and gives no id a second time", async () => {
  const addAccount = (name: string): Promise<number> =>
    database(async (client) => {
      const added = await client.query<{ id: string }>(
        "insert into account (email, password_hash) values ($1, '-') returning id",
        [`${name}@example.test`],
      );
      return Number(added.rows[0]?.id);
    });
  await database(beforeMigration("0004"));
  expect(await addAccount("first")).toBe(1);
  const made = await createBackup(it.environment);
  await it.make("Schema", schema);
  expect(await addAccount("second")).toBe(2);
  await restoreBackup(it.environment, made.id);
  const mails = await database((client) => client.query("select count(*)::int as mails from mail_log"));
  expect(mails.rows).toEqual([{ mails: 0 }]);
  expect(await addAccount("third")).toBe(3);
});

test("a restore lays tables out as the stack has them, with the months that have come since", async () => {
  const partitioned = (at: number): Promise<void> =>
    database((client) => partitionAttempts(client, at, { signal: new AbortController().signal, say: () => undefined }));
  const attempt = (): Promise<unknown> =>
    database((client) => client.query("insert into login_attempt (succeeded) values (false)"));
  const layout = async (): Promise<unknown> => {
    const { attempts, sessions, monthsAhead, halfMade } = await observePartitions(admin());
    return [attempts > 0, sessions > 0, monthsAhead > 0, halfMade];
  };
  await partitioned(Date.now() - 210 * 86_400_000);
  await expect(attempt()).rejects.toThrow("no partition of relation");
  const made = await createBackup(it.environment);

  await restoreBackup(it.environment, made.id);
  expect(await layout()).toEqual([false, false, false, []]);
  await attempt();

  const { paths, ports } = it.environment;
  const { releaseFolder } = schema;
  const months = { paths, databasePort: ports.postgres, releaseFolder, hour: 5, minute: 0, tasks: ["attempt-months"] };
  const held = await it.make("TaskSchedule", { ...months, name: "partition-schedule" });
  await restoreBackup(it.environment, made.id);
  expect(await layout()).toEqual([true, true, true, []]);
  await attempt();
  await it.remove("TaskSchedule", held);
});

test("a restore that was killed in its swap is ended by the next command, and everybody gets in again", async () => {
  const [newest] = await listBackups(it.environment);
  const held = new pg.Client({ ...admin(), host: admin().sockets, user: "postgres", database: "postgres" });
  await held.connect();
  await held.query("create role watcher; grant connect on database shop to watcher");
  const script = join(import.meta.dirname, "fixtures", "restore-until-killed.ts");
  const child = spawn(process.execPath, [script, it.home, it.environment.name, newest?.id ?? ""], { stdio: "inherit" });
  const exit = once(child, "exit");
  // The swap's renaming waits for whoever works on one of its databases.
  await waitUntil("the database that is being filled", async () => {
    const found = await held.query(
      "select from pg_database where datname = 'shop_restoring' and datacl::text like '%shop=c/%'",
    );
    return found.rowCount === 1;
  });
  await held.query("begin");
  await held.query("comment on database shop_restoring is 'held'");
  const whoMayConnect = (): Promise<readonly string[]> =>
    asAdmin(admin(), "postgres", async (client) => {
      const found = await client.query<{ role: string }>(
        `select rolname as role from pg_roles
          where rolname in ('shop', 'pooler', 'watcher') and has_database_privilege(rolname, 'shop', 'connect') order by 1`,
      );
      return found.rows.map(({ role }) => role);
    });
  await waitUntil("the moment of the kill", async () => {
    expect(child.exitCode).toBeNull();
    return (await whoMayConnect()).length === 0;
  });
  child.kill("SIGKILL");
  expect(await exit).toEqual([null, "SIGKILL"]);
  await held.query("rollback");
  await held.end();
  expect(await whoMayConnect()).toEqual([]);
  await finishRestore(it.environment);
  expect(await whoMayConnect()).toEqual(["pooler", "shop", "watcher"]);
  const shopper = shopClient(it.environment.ports.postgres);
  await shopper.connect();
  expect((await shopper.query("select count(*)::int as accounts from account")).rows).toEqual([{ accounts: 2 }]);
  await shopper.end();
  const left = await database((client) => client.query("select datname from pg_database where datname like 'shop_%'"));
  expect(left.rows).toEqual([]);
});

test("what fails after the swap is said as such, and nothing of the data before it is lost", async () => {
  const [newest] = await listBackups(it.environment);
  // A process of the shop that runs and does not answer.
  const { services, logs } = it.environment.paths;
  const folder = join(services, "web-1-silent");
  await ensureService(
    it.environment.paths,
    {
      name: "web-1-silent",
      component: "web",
      command: ["/bin/sleep", "600"],
      user: currentUser(),
      facts: { httpPort: 1, internalPort: 1 },
    },
    "it",
  );
  expect(existsSync(join(logs, "web-1-silent"))).toBe(true);
  await waitUntil("the silent process", () => serviceState(folder).state === "up");
  await expect(restoreBackup(it.environment, newest?.id ?? "")).rejects.toThrow(
    /is restored and serves; the data before it is in database shop_replaced.*shopctl recover.*web-1-silent/s,
  );
  await removeService(it.environment.paths, "web-1-silent", { stopTimeoutMs: 1_000 });
  expect(await finishRestore(it.environment)).toMatchObject({ kind: "safety" });
  expect(await finishRestore(it.environment)).toBeUndefined();
});

test("an unknown backup is refused before anything happens", async () => {
  await expect(restoreBackup(it.environment, "manual-20000101T000000Z")).rejects.toMatchObject({
    code: "unknown-backup",
  });
});

test("a backup is on the disk before it counts", async () => {
  const unsynced = await watchSyncs();
  const { id } = await takeBackup(admin(), it.environment.paths.backups, "manual");
  expect(unsynced(join(it.environment.paths.backups, `${id}.dump`))).toEqual([]);
});

test("of nightly backups the last seven are kept", async () => {
  const nights = [];
  for (let night = 0; night < 9; night++)
    nights.push((await takeBackup(admin(), it.environment.paths.backups, "nightly")).id);
  const kept = (await listBackups(it.environment))
    .filter((backup) => backup.kind === "nightly")
    .map((backup) => backup.id);
  expect(kept).toEqual(nights.slice(-7).toReversed());
  const notes = readdirSync(it.environment.paths.backups).filter((name) => /^nightly.*\.bytes$/.test(name));
  expect(notes.length).toBe(7);
  await it.remove("BackupSchedule", schedule);
});
