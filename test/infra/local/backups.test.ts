import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import * as esbuild from "esbuild";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { takeBackup } from "../../../infra/local/backup/take-backup.ts";
import { commandOf } from "../../../infra/local/host/process-identity.ts";
import { contentHash } from "../../../infra/local/release/content-hash.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { componentPlaces } from "../../../infra/local/layout.ts";
import { createBackup, listBackups, restoreBackup } from "../../../infra/local/operations/backups.ts";
import { asAdmin } from "../../../infra/local/postgres/admin-connection.ts";
import { serviceState } from "../../../infra/local/supervision/service-control.ts";
import { postgresInputs, TestEnvironment } from "./support/test-environment.ts";
import type { Held } from "./support/test-environment.ts";

let it: TestEnvironment;
let schedule: Held;
let build: string;

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
  await database((client) =>
    client.query("create table thing as select 1 as id; grant select, insert on thing to shop"),
  );
});
afterAll(async () => {
  rmSync(build, { recursive: true, force: true });
  await it.destroy();
});

const database = <T>(work: (client: pg.Client) => Promise<T>): Promise<T> =>
  asAdmin(
    { sockets: componentPlaces(it.environment.paths).postgres.sockets, port: it.environment.ports.postgres },
    "shop",
    work,
  );

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
  schedule = await it.make("BackupSchedule", {
    paths,
    databasePort: ports.postgres,
    releaseFolder: release.state["folder"],
    hour: 3,
  });
  const { pid = 0 } = serviceState(it.service("backup-schedule"));
  expect(commandOf(pid).slice(0, 5).join(" ")).toMatch(/snooze -H 3 -M 0$/);
  // snooze takes this signal for the hour.
  process.kill(pid, "SIGALRM");
  await waitUntil("a nightly backup", async () => (await listBackups(it.environment))[0]?.kind === "nightly");
  await waitUntil("snooze again", () => {
    const now = serviceState(it.service("backup-schedule")).pid;
    return now !== undefined && now !== pid && commandOf(now)[0]?.endsWith("/snooze") === true;
  });
});

test("a restore brings the backup back, says what is gone, and can be undone", async () => {
  const made = await createBackup(it.environment);
  expect(made.id).toMatch(/^manual-\d{8}T\d{6}Z$/);
  expect(made.sizeBytes).toBeGreaterThan(0);
  await database((client) => client.query("insert into thing values (2), (3)"));

  const shopper = new pg.Client({
    host: "127.0.0.1",
    port: it.environment.ports.pgbouncer,
    user: "shop",
    password: "shop-password-for-tests",
    database: "shop",
  });
  await shopper.connect();
  const restoration = await restoreBackup(it.environment, made.id);
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
    "safety",
    "safety",
  ]);
});

test("an unknown backup is refused before anything happens", async () => {
  await expect(restoreBackup(it.environment, "manual-20000101T000000Z")).rejects.toMatchObject({
    code: "unknown-backup",
  });
});

test("of nightly backups the last seven are kept", async () => {
  const target = {
    sockets: componentPlaces(it.environment.paths).postgres.sockets,
    port: it.environment.ports.postgres,
  };
  const nights = [];
  for (let night = 0; night < 9; night++)
    nights.push((await takeBackup(target, it.environment.paths.backups, "nightly")).id);
  const kept = (await listBackups(it.environment))
    .filter((backup) => backup.kind === "nightly")
    .map((backup) => backup.id);
  expect(kept).toEqual(nights.slice(-7).toReversed());
  await it.remove("BackupSchedule", schedule);
});
