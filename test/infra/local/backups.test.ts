import { afterAll, beforeAll, expect, test } from "vitest";
import pg from "pg";
import { componentPlaces } from "../../../infra/local/layout.ts";
import { createBackup, listBackups, restoreBackup } from "../../../infra/local/operations/backups.ts";
import { asAdmin } from "../../../infra/local/postgres/admin-connection.ts";
import { serviceState } from "../../../infra/local/supervision/service-control.ts";
import { makeSmallRelease } from "./support/small-service.ts";
import { postgresInputs, TestEnvironment } from "./support/test-environment.ts";
import type { Held } from "./support/test-environment.ts";

let it: TestEnvironment;
let schedule: Held;

beforeAll(async () => {
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
afterAll(() => it.destroy());

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

test("with the plan the schedule waits for the night under supervision", async () => {
  const release = await makeSmallRelease(it);
  const { paths, ports } = it.environment;
  schedule = await it.make("BackupSchedule", {
    paths,
    databasePort: ports.postgres,
    releaseFolder: release.state["folder"],
    hour: 3,
  });
  expect(serviceState(it.service("backup-schedule")).state).toBe("up");
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
  const { takeBackup } = await import("../../../infra/local/backup/take-backup.ts");
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
